/**
 * Checksums of directory blocks: in a linear block in a false last entry of type 0xde, in a node of a hash tree behind its
 * last possible slot (kernel docs, filesystems/ext4: "Directory Entries", "Hash Tree Directories").
 */

import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { DIRECTORY_ENTRY, parseRecordLength } from './directory-entries.ts';

export const DIRECTORY_TAIL = {
  det_reserved_zero1: u32le(0),
  det_rec_len: u16le(4),
  det_reserved_zero2: u8(6),
  det_reserved_ft: u8(7),
  det_checksum: u32le(8),
} as const;
const TAIL_SIZE = 12;
const TAIL_TYPE = 0xde;

/** At the place of the first slot's hash. */
export const HASH_COUNTS = {
  limit: u16le(0),
  count: u16le(2),
} as const;
const SLOT_SIZE = 8;
export const ROOT_SLOTS = 32;
export const NODE_SLOTS = 8;

/** Whether the linear block has a right checksum; `seed` is the inode's. */
export function isSoundLinearBlock(block: Uint8Array, seed: number): boolean {
  const start = block.length - TAIL_SIZE;
  const tail = new Struct(block, start);
  if (
    tail.get(DIRECTORY_TAIL.det_reserved_zero1) !== 0 ||
    tail.get(DIRECTORY_TAIL.det_rec_len) !== TAIL_SIZE ||
    tail.get(DIRECTORY_TAIL.det_reserved_zero2) !== 0 ||
    tail.get(DIRECTORY_TAIL.det_reserved_ft) !== TAIL_TYPE
  ) {
    return false;
  }
  return updateCrc32c(seed, block.subarray(0, start)) === tail.get(DIRECTORY_TAIL.det_checksum);
}

/** Whether a block of an indexed directory is a node of the tree and not a linear block. */
export function isHashNode(block: Uint8Array, logical: number): boolean {
  return (
    logical === 0 || parseRecordLength(new Struct(block).get(DIRECTORY_ENTRY.rec_len), block.length) === block.length
  );
}

/** Whether the root (block 0) or inner node of a hash tree has a right checksum. */
export function isSoundHashNode(block: Uint8Array, logical: number, seed: number): boolean {
  const slots = logical === 0 ? ROOT_SLOTS : NODE_SLOTS;
  const counts = new Struct(block, slots);
  const limit = counts.get(HASH_COUNTS.limit);
  const count = counts.get(HASH_COUNTS.count);
  const tail = slots + limit * SLOT_SIZE;
  if (count > limit || tail + SLOT_SIZE > block.length) return false;
  const slotsSum = updateCrc32c(seed, block.subarray(0, slots + count * SLOT_SIZE));
  // The tail is four reserved bytes and the checksum itself, which counts as zero.
  const reservedSum = updateCrc32c(slotsSum, block.subarray(tail, tail + 4));
  return updateCrc32c(reservedSum, new Uint8Array(4)) === new Struct(block).get(u32le(tail + 4));
}
