/**
 * Inodes by number. Tables are read in stretches, because neighbours are asked for together; each inode's checksum is
 * verified once per stretch, and only when that inode is wanted.
 */

import { peekAt } from '../../bytes/byte-source.ts';
import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { Struct } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { RecentCache } from '../recent-cache.ts';
import { typeOfMode } from '../type-of-mode.ts';
import type { BlockReader } from './block-reader.ts';
import { GroupDescriptors } from './group-descriptors.ts';
import { INODE, Inode, OLD_INODE_SIZE } from './inode.ts';

export const ROOT_INODE = 2;
const STRETCH = 16 * 1024;
/** Stretches in one generation of the cache. */
const STRETCHES = 64;

/** Sizes of 2^53 bytes and more are beyond what any block map can hold. */
const MAX_SIZE_HIGH = 0x1f_ffff;

interface Stretch {
  readonly key: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly fields: Struct;
  /** 1 for each inode whose checksum was found right. */
  readonly verified: Uint8Array;
}

export class InodeTable {
  readonly #blocks: BlockReader;
  readonly #descriptors: GroupDescriptors;
  readonly #stretches = new RecentCache<number, Stretch>(STRETCHES);
  readonly #perStretch: number;
  #latest: Stretch | undefined;
  /** Number, generation and bytes of one inode, as the checksum sees them. */
  readonly #summed: Uint8Array;
  readonly #summedView: DataView;

  constructor(blocks: BlockReader) {
    this.#blocks = blocks;
    this.#descriptors = new GroupDescriptors(blocks);
    const { inodeSize } = blocks.superblock;
    this.#perStretch = Math.max(1, STRETCH / inodeSize);
    this.#summed = new Uint8Array(8 + inodeSize);
    this.#summedView = new DataView(this.#summed.buffer);
  }

  /**
   * An inode that a directory may name. Throws `corrupt` if it is damaged, free or reserved, `input` if the number is not
   * one of this file system.
   */
  get(number: number): Inode {
    const inode = this.getReserved(number);
    if (number < this.#blocks.superblock.firstInode && number !== ROOT_INODE) {
      throw this.#corrupt('reserved-inode', number, 'is reserved for the file system itself', inode.offset);
    }
    if (inode.has('EA_INODE')) {
      throw this.#corrupt('reserved-inode', number, 'holds an extended attribute, not a file', inode.offset);
    }
    return inode;
  }

  /** Any inode in use, those of the file system itself (journal, attribute values) included. */
  getReserved(number: number): Inode {
    const { superblock } = this.#blocks;
    if (!Number.isInteger(number) || number < 1 || number > superblock.inodesCount) {
      throw new ImageError('input', 'ext4/no-such-inode', `${this.#blocks.source.label} has no inode ${number}`);
    }
    const group = Math.floor((number - 1) / superblock.inodesPerGroup);
    const index = (number - 1) % superblock.inodesPerGroup;
    const stretch = this.#stretch(group, Math.floor(index / this.#perStretch));
    const place = index % this.#perStretch;
    const at = place * superblock.inodeSize;
    const fields = stretch.fields.at(at);
    if (superblock.checksumSeed !== undefined && stretch.verified[place] === 0) {
      if (!this.#isSound(number, stretch.bytes, at, superblock.checksumSeed)) {
        throw this.#corrupt('bad-inode-checksum', number, 'has a wrong checksum', stretch.offset + at);
      }
      stretch.verified[place] = 1;
    }
    const mode = fields.get(INODE.i_mode);
    if (fields.get(INODE.i_links_count) === 0)
      throw this.#corrupt('free-inode', number, 'is free', stretch.offset + at);
    const type = typeOfMode(mode);
    if (!type) throw this.#corrupt('bad-mode', number, `has the mode 0${mode.toString(8)}`, stretch.offset + at);
    if (type === 'file' && fields.get(INODE.i_size_high) > MAX_SIZE_HIGH) {
      throw this.#corrupt('bad-size', number, 'is larger than any file', stretch.offset + at);
    }
    return new Inode(number, type, stretch.offset + at, fields, superblock);
  }

  #stretch(group: number, part: number): Stretch {
    const { superblock, source } = this.#blocks;
    const key = group * Math.ceil(superblock.inodesPerGroup / this.#perStretch) + part;
    if (this.#latest?.key === key) return this.#latest;
    let stretch = this.#stretches.get(key);
    if (!stretch) {
      const descriptor = this.#descriptors.get(group);
      const first = part * this.#perStretch;
      const count = Math.min(this.#perStretch, superblock.inodesPerGroup - first);
      const offset = descriptor.inodeTable * superblock.blockSize + first * superblock.inodeSize;
      const length = count * superblock.inodeSize;
      const bytes = descriptor.isUninitialised
        ? new Uint8Array(length)
        : new Uint8Array(peekAt(source, offset, length));
      // Nothing to verify in what was never written: all its inodes are free.
      const verified = new Uint8Array(count).fill(descriptor.isUninitialised ? 1 : 0);
      stretch = { key, offset, bytes, fields: new Struct(bytes), verified };
      this.#stretches.set(key, stretch);
    }
    this.#latest = stretch;
    return stretch;
  }

  #isSound(number: number, bytes: Uint8Array, at: number, seed: number): boolean {
    const { inodeSize } = this.#blocks.superblock;
    const summed = this.#summed;
    const view = this.#summedView;
    summed.set(bytes.subarray(at, at + inodeSize), 8);
    view.setUint32(0, number, true);
    view.setUint32(4, view.getUint32(8 + INODE.i_generation.offset, true), true);
    const low = 8 + INODE.l_i_checksum_lo.offset;
    const high = 8 + INODE.i_checksum_hi.offset;
    const storedLow = view.getUint16(low, true);
    view.setUint16(low, 0, true);
    const hasHigh = inodeSize > OLD_INODE_SIZE && view.getUint16(8 + INODE.i_extra_isize.offset, true) >= 4;
    let stored = storedLow;
    if (hasHigh) {
      stored += view.getUint16(high, true) * 0x1_0000;
      view.setUint16(high, 0, true);
    }
    const computed = updateCrc32c(seed, summed);
    return (hasHigh ? computed : computed & 0xffff) === stored;
  }

  #corrupt(what: string, number: number, message: string, offset: number): ImageError {
    return this.#blocks.corrupt(what, `inode ${number} ${message}`, offset);
  }
}
