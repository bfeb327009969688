/**
 * Block group descriptors (kernel docs, filesystems/ext4: "Block Group Descriptors"), read one by one when an inode of the
 * group is wanted. The first copy that is sound serves: the primary, else the one of a group with a backup.
 */
import { Struct, safeInteger, u16le, u32le } from '../../bytes/struct.ts';
import type { BlockReader } from './block-reader.ts';
import { descriptorCrc16, descriptorCrc32c } from './checksums.ts';
import { hasCompat, hasIncompat, hasRoCompat, type Superblock } from './superblock.ts';
import { BACKUP_GROUPS } from './superblock-places.ts';

export const GROUP_DESCRIPTOR = {
  bg_inode_table_lo: u32le(0x8),
  bg_flags: u16le(0x12),
  bg_checksum: u16le(0x1e),
  bg_inode_table_hi: u32le(0x28),
} as const;

const INODES_UNINITIALISED = 1;

export interface GroupDescriptor {
  /** First block of the inode table. */
  readonly inodeTable: number;
  /** The table was never written: the group has no inodes in use. */
  readonly isUninitialised: boolean;
}

/** Whether `group` begins with a copy of the superblock. */
export function hasSuperblock(sb: Superblock, group: number): boolean {
  if (group === 0) return true;
  if (hasCompat(sb, 'sparse_super2')) return sb.backupGroups.includes(group);
  if (group === 1 || !hasRoCompat(sb, 'sparse_super')) return true;
  return [3, 5, 7].some((base) => isPowerOf(base, group));
}

/** Groups with backups, nearest first. */
function backupGroups(sb: Superblock): readonly number[] {
  const groups = hasCompat(sb, 'sparse_super2') ? sb.backupGroups : BACKUP_GROUPS;
  return groups.filter((group) => group > 0 && group < sb.groupCount);
}

function isPowerOf(base: number, value: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}

export class GroupDescriptors {
  readonly #blocks: BlockReader;
  readonly #known = new Map<number, GroupDescriptor>();
  #usedBackup = false;

  constructor(blocks: BlockReader) {
    this.#blocks = blocks;
  }

  /** Throws `corrupt` if no copy is sound. */
  get(group: number): GroupDescriptor {
    const known = this.#known.get(group);
    if (known) return known;
    const found = this.#read(group);
    this.#known.set(group, found);
    return found;
  }

  #read(group: number): GroupDescriptor {
    let isPrimary = true;
    for (const block of this.#copies(group)) {
      const descriptor = this.#parse(group, block);
      if (descriptor && isPrimary) return descriptor;
      if (descriptor) {
        this.#reportBackup(group, block);
        // A backup is as old as the last fsck or resize: its flags say nothing about today.
        return { ...descriptor, isUninitialised: false };
      }
      isPrimary = false;
    }
    throw this.#blocks.corrupt(
      'bad-group-descriptor',
      `the descriptor of block group ${group} is damaged in every copy`,
    );
  }

  /** Blocks that hold the descriptor of `group`: the primary, then the backups. */
  *#copies(group: number): Generator<number> {
    const sb = this.#blocks.superblock;
    const perBlock = Math.floor(sb.blockSize / sb.descriptorSize);
    const index = Math.floor(group / perBlock);
    const groupStart = (g: number): number => sb.firstDataBlock + g * sb.blocksPerGroup;
    if (hasIncompat(sb, 'meta_bg') && index >= sb.firstMetaGroup) {
      // A meta group keeps its one descriptor block in its first, second and last group.
      const first = index * perBlock;
      for (const g of [first, first + 1, first + perBlock - 1]) {
        if (g >= sb.groupCount) continue;
        const isBehindBootBlock = g === 0 && sb.blockSize === 1024 && sb.firstDataBlock === 0;
        yield groupStart(g) + (hasSuperblock(sb, g) ? 1 : 0) + (isBehindBootBlock ? 1 : 0);
      }
      return;
    }
    yield Math.floor(1024 / sb.blockSize) + 1 + index;
    for (const g of backupGroups(sb)) yield groupStart(g) + 1 + index;
  }

  #parse(group: number, block: number): GroupDescriptor | undefined {
    const { superblock: sb, source } = this.#blocks;
    const at = block * sb.blockSize + (group % Math.floor(sb.blockSize / sb.descriptorSize)) * sb.descriptorSize;
    if (at + sb.descriptorSize > source.size) return undefined;
    const bytes = source.read(at, sb.descriptorSize);
    const s = new Struct(bytes);
    const stored = s.get(GROUP_DESCRIPTOR.bg_checksum);
    const field = GROUP_DESCRIPTOR.bg_checksum.offset;
    if (sb.checksumSeed !== undefined) {
      if (descriptorCrc32c(sb.checksumSeed, group, bytes, field) !== stored) return undefined;
    } else if (hasRoCompat(sb, 'uninit_bg') && descriptorCrc16(sb.uuid, group, bytes, field) !== stored) {
      return undefined;
    }
    const high = sb.descriptorSize > 32 ? s.get(GROUP_DESCRIPTOR.bg_inode_table_hi) : 0;
    if (high > 0xffff) return undefined;
    const inodeTable = safeInteger(s.get(GROUP_DESCRIPTOR.bg_inode_table_lo), high);
    const tableBlocks = Math.ceil((sb.inodesPerGroup * sb.inodeSize) / sb.blockSize);
    if (inodeTable <= sb.firstDataBlock || inodeTable + tableBlocks > sb.blocksCount) return undefined;
    const hasFlags = sb.checksumSeed !== undefined || hasRoCompat(sb, 'uninit_bg');
    return {
      inodeTable,
      isUninitialised: hasFlags && (s.get(GROUP_DESCRIPTOR.bg_flags) & INODES_UNINITIALISED) !== 0,
    };
  }

  #reportBackup(group: number, block: number): void {
    if (this.#usedBackup) return;
    this.#usedBackup = true;
    this.#blocks.note(
      'backup-descriptors',
      `the descriptor of block group ${group} is damaged; its backup in block ${block} was used`,
    );
  }
}
