/**
 * Records of the jbd2 journal (kernel docs, filesystems/ext4: "Journal (jbd2)"), all big-endian: the journal's own superblock,
 * descriptor blocks with their tags, revocations and commits, with checksums of version 2 and 3. The checksum of version 1,
 * one sum over a whole transaction, is not verified: no kernel has written it by default.
 */

import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { raw, Struct, safeInteger, u8, u16be, u32be } from '../../bytes/struct.ts';
import { CRC32C_START, crc32cWithHole } from './checksums.ts';

export const JOURNAL_MAGIC = 0xc03b_3998;

export const JOURNAL_HEADER = {
  h_magic: u32be(0),
  h_blocktype: u32be(4),
  h_sequence: u32be(8),
} as const;
export const RECORD = { descriptor: 1, commit: 2, superblock1: 3, superblock2: 4, revoke: 5 } as const;

export const JOURNAL_SUPERBLOCK = {
  s_blocksize: u32be(0xc),
  s_maxlen: u32be(0x10),
  s_first: u32be(0x14),
  s_sequence: u32be(0x18),
  s_start: u32be(0x1c),
  s_feature_incompat: u32be(0x28),
  s_uuid: raw(0x30, 16),
  s_checksum_type: u8(0x50),
  s_num_fc_blks: u32be(0x54),
  s_checksum: u32be(0xfc),
} as const;
const SUPERBLOCK_SIZE = 1024;

export const JOURNAL_INCOMPAT = {
  revoke: 0x1,
  '64bit': 0x2,
  async_commit: 0x4,
  csum_v2: 0x8,
  csum_v3: 0x10,
  fast_commit: 0x20,
} as const;
const READABLE = 0x3f;

export const JOURNAL_COMMIT = { h_chksum: u32be(0x10) } as const;
export const JOURNAL_REVOKE = { r_count: u32be(0xc) } as const;
const RECORD_HEADER = 12;
const REVOKE_HEADER = 16;
const CHECKSUM_TAIL = 4;

const TAG_FLAG = { escape: 1, sameUuid: 2, last: 8 } as const;
const DEFAULT_FAST_COMMIT_BLOCKS = 256;

export interface JournalSuperblock {
  readonly incompat: number;
  /** Blocks of the ring are first <= block < end. */
  readonly first: number;
  readonly end: number;
  /** Where fast commits begin; undefined without them. */
  readonly fastCommits: number | undefined;
  /** The oldest transaction that is needed. */
  readonly sequence: number;
  /** Its first block; 0 if nothing is to be replayed. */
  readonly start: number;
  /** Seed of the checksums; undefined if there are none. */
  readonly seed: number | undefined;
}

/** Where a block of the file system was logged. */
export interface JournalTag {
  readonly block: number;
  /** The copy begins with the journal's magic, which is stored as zeros. */
  readonly isEscaped: boolean;
  readonly checksum: number;
}

const hasChecksums = (incompat: number): boolean =>
  (incompat & (JOURNAL_INCOMPAT.csum_v2 | JOURNAL_INCOMPAT.csum_v3)) !== 0;

/** The journal's superblock, or what is wrong with it. `blockCount` is the length of the journal. */
export function parseJournalSuperblock(
  block: Uint8Array,
  blockSize: number,
  blockCount: number,
): JournalSuperblock | string {
  const s = new Struct(block);
  const type = s.get(JOURNAL_HEADER.h_blocktype);
  const isSuperblock = type === RECORD.superblock1 || type === RECORD.superblock2;
  if (s.get(JOURNAL_HEADER.h_magic) !== JOURNAL_MAGIC || !isSuperblock) return 'it has no superblock';
  const incompat = type === RECORD.superblock2 ? s.get(JOURNAL_SUPERBLOCK.s_feature_incompat) : 0;
  if ((incompat & ~READABLE) !== 0) return `it has unknown features (0x${(incompat & ~READABLE).toString(16)})`;
  if (hasChecksums(incompat)) {
    const sum = crc32cWithHole(
      CRC32C_START,
      block.subarray(0, SUPERBLOCK_SIZE),
      JOURNAL_SUPERBLOCK.s_checksum.offset,
      4,
    );
    if (sum !== s.get(JOURNAL_SUPERBLOCK.s_checksum)) return 'the checksum of its superblock is wrong';
  }
  const length = s.get(JOURNAL_SUPERBLOCK.s_maxlen);
  const first = s.get(JOURNAL_SUPERBLOCK.s_first);
  const start = s.get(JOURNAL_SUPERBLOCK.s_start);
  const hasFast = (incompat & JOURNAL_INCOMPAT.fast_commit) !== 0;
  const fast = hasFast ? s.get(JOURNAL_SUPERBLOCK.s_num_fc_blks) || DEFAULT_FAST_COMMIT_BLOCKS : 0;
  const end = length - fast;
  if (s.get(JOURNAL_SUPERBLOCK.s_blocksize) !== blockSize) return 'its block size is not that of the file system';
  if (length > blockCount || first < 1 || first >= end) return 'its superblock does not fit its length';
  if (start !== 0 && (start < first || start >= end)) return `it begins at block ${start}, outside of itself`;
  return {
    incompat,
    first,
    end,
    fastCommits: hasFast && end + 1 < length ? end + 1 : undefined,
    sequence: s.get(JOURNAL_SUPERBLOCK.s_sequence),
    start,
    seed: hasChecksums(incompat) ? updateCrc32c(CRC32C_START, s.bytes(JOURNAL_SUPERBLOCK.s_uuid)) : undefined,
  };
}

/** Whether the checksum in the last four bytes of a descriptor or revocation is right. */
export function isSoundRecord(block: Uint8Array, { seed }: JournalSuperblock): boolean {
  if (seed === undefined) return true;
  const at = block.length - CHECKSUM_TAIL;
  return crc32cWithHole(seed, block, at, 4) === new Struct(block).get(u32be(at));
}

export function isSoundCommit(block: Uint8Array, { seed }: JournalSuperblock): boolean {
  if (seed === undefined) return true;
  const field = JOURNAL_COMMIT.h_chksum;
  return crc32cWithHole(seed, block, field.offset, 4) === new Struct(block).get(field);
}

/** Whether the logged copy of a block is the one its tag tells of. */
export function isSoundCopy(copy: Uint8Array, tag: JournalTag, sequence: number, journal: JournalSuperblock): boolean {
  if (journal.seed === undefined) return true;
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, sequence);
  const sum = updateCrc32c(updateCrc32c(journal.seed, number), copy);
  return ((journal.incompat & JOURNAL_INCOMPAT.csum_v3) !== 0 ? sum : sum & 0xffff) === tag.checksum;
}

/** The tags of a descriptor block: the copies follow it in their order. */
export function parseTags(block: Uint8Array, { incompat, seed }: JournalSuperblock): JournalTag[] {
  const isV3 = (incompat & JOURNAL_INCOMPAT.csum_v3) !== 0;
  const isWide = (incompat & JOURNAL_INCOMPAT['64bit']) !== 0;
  const padding = (incompat & JOURNAL_INCOMPAT.csum_v2) !== 0 ? 2 : 0;
  const size = isV3 ? 16 : 8 + (isWide ? 4 : 0) + padding;
  const end = block.length - (seed === undefined ? 0 : CHECKSUM_TAIL);
  const tags: JournalTag[] = [];
  const s = new Struct(block);
  for (let at = RECORD_HEADER; at + size <= end; ) {
    const flags = isV3 ? s.get(u32be(at + 4)) : s.get(u16be(at + 6));
    const high = isWide ? s.get(u32be(at + 8)) : 0;
    tags.push({
      block: safeInteger(s.get(u32be(at)), high),
      isEscaped: (flags & TAG_FLAG.escape) !== 0,
      checksum: isV3 ? s.get(u32be(at + 12)) : s.get(u16be(at + 4)),
    });
    if ((flags & TAG_FLAG.last) !== 0) break;
    at += size + ((flags & TAG_FLAG.sameUuid) !== 0 ? 0 : 16);
  }
  return tags;
}

/** Blocks whose earlier copies must not be replayed. */
export function parseRevocations(block: Uint8Array, { incompat }: JournalSuperblock): number[] {
  const s = new Struct(block);
  const isWide = (incompat & JOURNAL_INCOMPAT['64bit']) !== 0;
  const end = Math.min(s.get(JOURNAL_REVOKE.r_count), block.length);
  const revoked: number[] = [];
  for (let at = REVOKE_HEADER; at + (isWide ? 8 : 4) <= end; at += isWide ? 8 : 4) {
    revoked.push(isWide ? safeInteger(s.get(u32be(at + 4)), s.get(u32be(at))) : s.get(u32be(at)));
  }
  return revoked;
}
