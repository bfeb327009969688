/**
 * Metadata checksums (kernel docs, filesystems/ext4: "Checksums"): which bytes of each structure are summed, from which seed.
 * ext4 keeps the running CRC register, without the usual final inversion.
 */
import { updateCrc16 } from '../../bytes/checksums/crc16.ts';
import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';

/** Where the registers start. */
export const CRC32C_START = 0xffff_ffff;
const CRC16_START = 0xffff;

/** Little-endian bytes of unsigned 32-bit numbers. */
export function wordBytes(...words: number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  return bytes;
}

const NONE = new Uint8Array(4);

/** The register after `bytes` with the `length` bytes at `hole` taken as zero. */
export function crc32cWithHole(seed: number, bytes: Uint8Array, hole: number, length: 2 | 4): number {
  const before = updateCrc32c(seed, bytes.subarray(0, hole));
  return updateCrc32c(updateCrc32c(before, NONE.subarray(0, length)), bytes.subarray(hole + length));
}

const seedBytes = new Uint8Array(8);
const seedWords = new DataView(seedBytes.buffer);

/** Seed of everything that belongs to one inode: its extent nodes and directory blocks. */
export function inodeSeed(fileSystemSeed: number, inode: number, generation: number): number {
  seedWords.setUint32(0, inode, true);
  seedWords.setUint32(4, generation, true);
  return updateCrc32c(fileSystemSeed, seedBytes);
}

/** `bg_checksum` under metadata_csum: the low half. `at` is the field's offset in the descriptor. */
export function descriptorCrc32c(fileSystemSeed: number, group: number, descriptor: Uint8Array, at: number): number {
  return crc32cWithHole(updateCrc32c(fileSystemSeed, wordBytes(group)), descriptor, at, 2) & 0xffff;
}

/** `bg_checksum` under uninit_bg: the field itself is left out, not zeroed. */
export function descriptorCrc16(uuid: Uint8Array, group: number, descriptor: Uint8Array, at: number): number {
  const named = updateCrc16(updateCrc16(CRC16_START, uuid), wordBytes(group));
  return updateCrc16(updateCrc16(named, descriptor.subarray(0, at)), descriptor.subarray(at + 2));
}
