/**
 * The superblock (kernel docs, filesystems/ext4: "The Super Block"): geometry and features of the whole file system.
 * `parseSuperblock` believes nothing: each number that later code divides by, shifts by or multiplies with is checked here.
 */

import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { i32le, type NumberField, raw, Struct, safeInteger, u8, u16le, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import { CRC32C_START } from './checksums.ts';
import { COMPAT, INCOMPAT, RO_COMPAT, unreadableFeatures } from './features.ts';
import { EXT_MAGIC, GROUP_FIELD, MAGIC_FIELD } from './superblock-places.ts';

export const SUPERBLOCK = {
  s_inodes_count: u32le(0x0),
  s_blocks_count_lo: u32le(0x4),
  s_r_blocks_count_lo: u32le(0x8),
  s_free_blocks_count_lo: u32le(0xc),
  s_free_inodes_count: u32le(0x10),
  s_first_data_block: u32le(0x14),
  s_log_block_size: u32le(0x18),
  s_log_cluster_size: u32le(0x1c),
  s_blocks_per_group: u32le(0x20),
  s_clusters_per_group: u32le(0x24),
  s_inodes_per_group: u32le(0x28),
  s_magic: MAGIC_FIELD,
  s_state: u16le(0x3a),
  s_rev_level: u32le(0x4c),
  s_first_ino: u32le(0x54),
  s_inode_size: u16le(0x58),
  s_block_group_nr: GROUP_FIELD,
  s_feature_compat: u32le(0x5c),
  s_feature_incompat: u32le(0x60),
  s_feature_ro_compat: u32le(0x64),
  s_uuid: raw(0x68, 16),
  s_volume_name: raw(0x78, 16),
  s_journal_inum: u32le(0xe0),
  s_hash_seed: [u32le(0xec), u32le(0xf0), u32le(0xf4), u32le(0xf8)],
  s_desc_size: u16le(0xfe),
  s_first_meta_bg: u32le(0x104),
  s_blocks_count_hi: u32le(0x150),
  s_r_blocks_count_hi: u32le(0x154),
  s_free_blocks_count_hi: u32le(0x158),
  s_flags: i32le(0x160),
  s_checksum_type: u8(0x175),
  s_backup_bgs: [u32le(0x24c), u32le(0x250)],
  s_checksum_seed: u32le(0x270),
  s_checksum: u32le(0x3fc),
} as const;

/** Of blocks of 64 KiB. */
export const MAX_LOG_BLOCK_SIZE = 6;
/** `s_state`: cleanly unmounted; the kernel found errors. */
const STATE_CLEAN = 1;
const STATE_ERRORS = 2;
const FLAG_UNSIGNED_HASH = 2;
const CHECKSUM_CRC32C = 1;
const OLD_REVISION = 0;

export interface Superblock {
  readonly compat: number;
  readonly incompat: number;
  readonly roCompat: number;
  readonly inodesCount: number;
  readonly inodesPerGroup: number;
  readonly inodeSize: number;
  /** First inode number that is not reserved. */
  readonly firstInode: number;
  readonly blocksCount: number;
  /** As the last one to unmount it wrote them. */
  readonly freeBlocks: number;
  readonly reservedBlocks: number;
  readonly freeInodes: number;
  readonly blockSize: number;
  readonly firstDataBlock: number;
  readonly blocksPerGroup: number;
  readonly groupCount: number;
  readonly descriptorSize: number;
  readonly firstMetaGroup: number;
  /** The two groups with backups under sparse_super2. */
  readonly backupGroups: readonly number[];
  /** The group this copy lies in, 0 for the primary. */
  readonly group: number;
  readonly uuid: Uint8Array;
  readonly volumeName: string;
  readonly journalInode: number;
  readonly hashSeed: readonly number[];
  readonly hashesUnsigned: boolean;
  readonly isClean: boolean;
  readonly hasErrors: boolean;
  /** Seed of all other metadata checksums; undefined without metadata_csum. */
  readonly checksumSeed: number | undefined;
}

/** Whether any of the given feature bits is set. */
export const hasCompat = (sb: Superblock, feature: keyof typeof COMPAT): boolean => (sb.compat & COMPAT[feature]) !== 0;
export const hasIncompat = (sb: Superblock, feature: keyof typeof INCOMPAT): boolean =>
  (sb.incompat & INCOMPAT[feature]) !== 0;
export const hasRoCompat = (sb: Superblock, feature: keyof typeof RO_COMPAT): boolean =>
  (sb.roCompat & RO_COMPAT[feature]) !== 0;

/**
 * Decodes and checks 1024 bytes. ImageError `corrupt` (magic, checksum, geometry) or `unsupported` (an INCOMPAT feature,
 * each named).
 */
export function parseSuperblock(bytes: Uint8Array, location: Location): Superblock {
  const s = new Struct(bytes);
  const corrupt = (what: string): never => {
    throw new ImageError('corrupt', 'ext4/bad-superblock', `the ext superblock is damaged: ${what}`, { location });
  };
  if (s.get(SUPERBLOCK.s_magic) !== EXT_MAGIC) corrupt('it has no magic number');
  const isOld = s.get(SUPERBLOCK.s_rev_level) === OLD_REVISION;
  const compat = isOld ? 0 : s.get(SUPERBLOCK.s_feature_compat);
  const incompat = isOld ? 0 : s.get(SUPERBLOCK.s_feature_incompat);
  const roCompat = isOld ? 0 : s.get(SUPERBLOCK.s_feature_ro_compat);
  if ((roCompat & RO_COMPAT.metadata_csum) !== 0) verifyChecksum(s, bytes, corrupt);
  const unreadable = unreadableFeatures(incompat);
  if (unreadable.length > 0) throw unsupported(unreadable, location);

  const logBlockSize = s.get(SUPERBLOCK.s_log_block_size);
  if (logBlockSize > MAX_LOG_BLOCK_SIZE) corrupt(`its block size is 2^${10 + logBlockSize}, more than 64 KiB`);
  const blockSize = 1024 << logBlockSize;
  const clusterRatio = checkClusters(s, (roCompat & RO_COMPAT.bigalloc) !== 0, logBlockSize, corrupt);
  const firstDataBlock = s.get(SUPERBLOCK.s_first_data_block);
  if (firstDataBlock !== (blockSize === 1024 && clusterRatio === 1 ? 1 : 0)) corrupt('its first data block is wrong');
  const is64Bit = (incompat & INCOMPAT['64bit']) !== 0;
  const countOf = (low: NumberField, high: NumberField): number => safeInteger(s.get(low), is64Bit ? s.get(high) : 0);
  const blocksCount = countOf(SUPERBLOCK.s_blocks_count_lo, SUPERBLOCK.s_blocks_count_hi);
  if (blocksCount <= firstDataBlock || !Number.isSafeInteger(blocksCount * blockSize)) corrupt('its block count');
  const blocksPerGroup = s.get(SUPERBLOCK.s_blocks_per_group);
  if (blocksPerGroup === 0 || blocksPerGroup > blockSize * 8 * clusterRatio) corrupt('its blocks per group');
  const inodeSize = isOld ? 128 : s.get(SUPERBLOCK.s_inode_size);
  if (inodeSize < 128 || inodeSize > blockSize || !isPowerOfTwo(inodeSize)) corrupt(`its inode size is ${inodeSize}`);
  const inodesPerGroup = s.get(SUPERBLOCK.s_inodes_per_group);
  if (inodesPerGroup === 0 || inodesPerGroup > blockSize * 8) corrupt('its inodes per group');
  const groupCount = Math.ceil((blocksCount - firstDataBlock) / blocksPerGroup);
  const inodesCount = s.get(SUPERBLOCK.s_inodes_count);
  if (inodesCount !== groupCount * inodesPerGroup) corrupt('its inode count does not fit its number of groups');
  const descriptorSize = is64Bit ? s.get(SUPERBLOCK.s_desc_size) : 32;
  if (descriptorSize !== 32 && descriptorSize !== 64) corrupt(`its group descriptor size is ${descriptorSize}`);
  const firstInode = isOld ? 11 : s.get(SUPERBLOCK.s_first_ino);
  if (firstInode < 11) corrupt('its first inode');

  const uuid = Uint8Array.from(s.bytes(SUPERBLOCK.s_uuid));
  const state = s.get(SUPERBLOCK.s_state);
  return {
    compat,
    incompat,
    roCompat,
    inodesCount,
    inodesPerGroup,
    inodeSize,
    firstInode,
    blocksCount,
    freeBlocks: countOf(SUPERBLOCK.s_free_blocks_count_lo, SUPERBLOCK.s_free_blocks_count_hi),
    reservedBlocks: countOf(SUPERBLOCK.s_r_blocks_count_lo, SUPERBLOCK.s_r_blocks_count_hi),
    freeInodes: s.get(SUPERBLOCK.s_free_inodes_count),
    blockSize,
    firstDataBlock,
    blocksPerGroup,
    groupCount,
    descriptorSize,
    firstMetaGroup: s.get(SUPERBLOCK.s_first_meta_bg),
    backupGroups: SUPERBLOCK.s_backup_bgs.map((field) => s.get(field)),
    group: isOld ? 0 : s.get(SUPERBLOCK.s_block_group_nr),
    uuid,
    volumeName: textField(s.bytes(SUPERBLOCK.s_volume_name)),
    journalInode: s.get(SUPERBLOCK.s_journal_inum),
    hashSeed: SUPERBLOCK.s_hash_seed.map((field) => s.get(field)),
    hashesUnsigned: (s.get(SUPERBLOCK.s_flags) & FLAG_UNSIGNED_HASH) !== 0,
    isClean: (state & STATE_CLEAN) !== 0,
    hasErrors: (state & STATE_ERRORS) !== 0,
    checksumSeed: checksumSeed(s, incompat, roCompat, uuid),
  };
}

function verifyChecksum(s: Struct, bytes: Uint8Array, corrupt: (what: string) => never): void {
  const type = s.get(SUPERBLOCK.s_checksum_type);
  if (type !== CHECKSUM_CRC32C) corrupt(`its checksum type is ${type}, and only crc32c (1) exists`);
  const covered = bytes.subarray(0, SUPERBLOCK.s_checksum.offset);
  if (updateCrc32c(CRC32C_START, covered) !== s.get(SUPERBLOCK.s_checksum)) corrupt('its checksum does not match');
}

/** Blocks per cluster; 1 without bigalloc. */
function checkClusters(s: Struct, isBigalloc: boolean, logBlockSize: number, corrupt: (what: string) => never): number {
  if (!isBigalloc) return 1;
  const logClusterSize = s.get(SUPERBLOCK.s_log_cluster_size);
  if (logClusterSize < logBlockSize || logClusterSize > 20) corrupt(`its cluster size is 2^${10 + logClusterSize}`);
  const ratio = 1 << (logClusterSize - logBlockSize);
  const clusters = s.get(SUPERBLOCK.s_clusters_per_group);
  if (s.get(SUPERBLOCK.s_blocks_per_group) !== clusters * ratio) corrupt('its clusters per group');
  return ratio;
}

function checksumSeed(s: Struct, incompat: number, roCompat: number, uuid: Uint8Array): number | undefined {
  if ((roCompat & RO_COMPAT.metadata_csum) === 0) return undefined;
  if ((incompat & INCOMPAT.metadata_csum_seed) !== 0) return s.get(SUPERBLOCK.s_checksum_seed);
  return updateCrc32c(CRC32C_START, uuid);
}

function unsupported(features: readonly string[], location: Location): ImageError {
  const isJournal = features.includes('journal_dev');
  return new ImageError(
    'unsupported',
    isJournal ? 'ext4/journal-device' : 'ext4/unsupported-feature',
    isJournal
      ? 'this is the external journal of an ext file system (journal_dev): it holds no files'
      : `the ext file system uses what is not supported: ${features.join(', ')}`,
    {
      location,
      remedy: isJournal ? 'check the file system itself' : 'make it without these features (mke2fs -O ^...)',
    },
  );
}

function isPowerOfTwo(value: number): boolean {
  return (value & (value - 1)) === 0;
}

/** A NUL-padded text field. */
function textField(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
}
