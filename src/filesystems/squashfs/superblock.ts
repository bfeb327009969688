/**
 * The superblock of SquashFS 4.0 (kernel docs, filesystems/squashfs): 96 bytes at the start. Versions before 4.0 and their
 * big-endian form are not read.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type NumberField, Struct, safeInteger, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const SUPERBLOCK = {
  s_magic: u32le(0),
  inodes: u32le(4),
  mkfs_time: u32le(8),
  block_size: u32le(12),
  fragments: u32le(16),
  compression: u16le(20),
  block_log: u16le(22),
  flags: u16le(24),
  no_ids: u16le(26),
  s_major: u16le(28),
  s_minor: u16le(30),
  root_inode: u64le(32),
  bytes_used: u64le(40),
  id_table_start: u64le(48),
  xattr_id_table_start: u64le(56),
  inode_table_start: u64le(64),
  directory_table_start: u64le(72),
  fragment_table_start: u64le(80),
  lookup_table_start: u64le(88),
} as const;

export const SUPERBLOCK_SIZE = 96;
const MAGIC = 0x73717368;
const MIN_BLOCK_LOG = 12;
const MAX_BLOCK_LOG = 20;

export interface Superblock {
  readonly blockSize: number;
  readonly compression: number;
  /** Entries of the fragment and id tables. */
  readonly fragments: number;
  readonly ids: number;
  /** Reference of the root inode. */
  readonly rootInode: number;
  /** Bytes of the file system. */
  readonly bytesUsed: number;
  readonly inodeTable: number;
  readonly directoryTable: number;
  readonly idTable: number;
  /** Undefined if there is no such table. */
  readonly fragmentTable: number | undefined;
  readonly xattrTable: number | undefined;
}

/** ImageError `truncated`, `unsupported` (another version) or `corrupt`. */
export function readSuperblock(source: ByteSource): Superblock {
  const s = new Struct(source.read(0, SUPERBLOCK_SIZE));
  const major = s.get(SUPERBLOCK.s_major);
  const minor = s.get(SUPERBLOCK.s_minor);
  if (s.get(SUPERBLOCK.s_magic) !== MAGIC || major !== 4 || minor !== 0) throw unsupportedVersion(source, s);
  const blockLog = s.get(SUPERBLOCK.block_log);
  const blockSize = s.get(SUPERBLOCK.block_size);
  if (blockLog < MIN_BLOCK_LOG || blockLog > MAX_BLOCK_LOG || blockSize !== 1 << blockLog) {
    throw corrupt(source, SUPERBLOCK.block_size, `has a block size of ${blockSize} bytes (2^${blockLog})`);
  }
  const bytesUsed = s.get(SUPERBLOCK.bytes_used);
  if (bytesUsed > source.size) {
    throw new ImageError(
      'truncated',
      'squashfs/truncated',
      `the SquashFS file system has ${bytesUsed} bytes, but ${source.label} ends at byte ${source.size}`,
      {
        location: { source: source.label, offset: source.size },
        remedy: 'the image is cut off: copy or build it again',
      },
    );
  }
  const ids = s.get(SUPERBLOCK.no_ids);
  if (ids === 0) throw corrupt(source, SUPERBLOCK.no_ids, 'has no user ids');
  const place = (field: NumberField): number | undefined => {
    const at = readPlace(s, field);
    if (at !== undefined && (at < SUPERBLOCK_SIZE || at >= bytesUsed)) {
      throw corrupt(source, field, `has a table at ${at}, which is outside of it`);
    }
    return at;
  };
  const required = (field: NumberField): number => {
    const at = place(field);
    if (at === undefined) throw corrupt(source, field, 'lacks a table');
    return at;
  };
  const inodeTable = required(SUPERBLOCK.inode_table_start);
  const directoryTable = required(SUPERBLOCK.directory_table_start);
  if (directoryTable <= inodeTable) {
    throw corrupt(source, SUPERBLOCK.directory_table_start, 'has its directories before its inodes');
  }
  return {
    blockSize,
    compression: s.get(SUPERBLOCK.compression),
    fragments: s.get(SUPERBLOCK.fragments),
    ids,
    rootInode: s.get(SUPERBLOCK.root_inode),
    bytesUsed,
    inodeTable,
    directoryTable,
    idTable: required(SUPERBLOCK.id_table_start),
    fragmentTable: place(SUPERBLOCK.fragment_table_start),
    xattrTable: place(SUPERBLOCK.xattr_id_table_start),
  };
}

/** A table's place; all ones say that there is none. */
function readPlace(s: Struct, field: NumberField): number | undefined {
  const low = s.get(u32le(field.offset));
  const high = s.get(u32le(field.offset + 4));
  return low === 0xffff_ffff && high === 0xffff_ffff ? undefined : safeInteger(low, high);
}

function unsupportedVersion(source: ByteSource, s: Struct): ImageError {
  const isForeign = s.get(SUPERBLOCK.s_magic) !== MAGIC;
  const version = isForeign ? 'big-endian' : `version ${s.get(SUPERBLOCK.s_major)}.${s.get(SUPERBLOCK.s_minor)}`;
  return new ImageError('unsupported', 'squashfs/version', `${version} SquashFS is not read, only 4.0`, {
    location: { source: source.label, offset: isForeign ? 0 : SUPERBLOCK.s_major.offset },
    remedy: 'build the image with mksquashfs 4.0 or newer',
  });
}

function corrupt(source: ByteSource, field: NumberField, what: string): ImageError {
  return new ImageError('corrupt', 'squashfs/bad-superblock', `the SquashFS superblock ${what}`, {
    location: { source: source.label, offset: field.offset },
  });
}
