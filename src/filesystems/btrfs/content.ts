/** The content of one file: what is read is verified and expanded extent by extent; gaps read as zeroes. */

import { type ByteSource, checkRange, SliceSource } from '../../bytes/byte-source.ts';
import { partitionPoint } from '../../bytes/partition-point.ts';
import type { DataReader } from './data.ts';
import type { FileExtent } from './extents.ts';
import type { Inode } from './inode.ts';

export class BtrfsContent implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #data: DataReader;
  readonly #inode: Inode;
  readonly #extents: readonly FileExtent[];
  /** Expanded inline bytes: a file has them once. */
  #inline: Uint8Array | undefined;

  constructor(data: DataReader, inode: Inode, extents: readonly FileExtent[], label: string) {
    this.size = inode.size;
    this.label = label;
    this.#data = data;
    this.#inode = inode;
    this.#extents = extents;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const first = this.#extents[this.#lastStartingBy(offset)];
    if (first && length > 0 && offset + length <= first.at + first.length) {
      return this.#read(first, offset - first.at, length);
    }
    const result = new Uint8Array(length);
    this.#fill(offset, result);
    return result;
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    target.fill(0);
    this.#fill(offset, target);
  }

  nextData(offset: number): number {
    const index = this.#lastStartingBy(offset);
    const extent = this.#extents[index];
    if (extent && offset < extent.at + extent.length) return offset;
    return Math.min(this.#extents[index + 1]?.at ?? this.size, this.size);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  /** Reads the extents into `target`, which has the zeroes of the gaps already. */
  #fill(offset: number, target: Uint8Array): void {
    const end = offset + target.length;
    for (let index = Math.max(0, this.#lastStartingBy(offset)); ; index++) {
      const extent = this.#extents[index];
      if (!extent || extent.at >= end) return;
      const from = Math.max(offset, extent.at);
      const to = Math.min(end, extent.at + extent.length);
      if (from < to) target.set(this.#read(extent, from - extent.at, to - from), from - offset);
    }
  }

  /** `length` bytes from `into` an extent on. */
  #read({ from, stored }: FileExtent, into: number, length: number): Uint8Array {
    const start = from + into;
    const { hasChecksums, number } = this.#inode;
    if ('inline' in stored) {
      const { inline, compression, expanded } = stored;
      this.#inline ??= compression === 0 ? inline : this.#data.decode(inline, compression, expanded, `inode ${number}`);
      return this.#inline.subarray(start, start + length);
    }
    if (stored.compression === 0) return this.#data.read(stored.address + start, length, hasChecksums);
    return this.#data.expand(stored, hasChecksums).subarray(start, start + length);
  }

  /** Index of the last extent with `at` <= offset, -1 if there is none. */
  #lastStartingBy(offset: number): number {
    return partitionPoint(this.#extents.length, (i) => (this.#extents[i]?.at ?? 0) <= offset) - 1;
  }
}
