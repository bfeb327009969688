/** The content of one file: what is read is verified and expanded extent by extent; gaps read as zeroes. */

import { type ByteSource, checkRange, SliceSource } from '../../bytes/byte-source.ts';
import { fillFromExtents, lastStartingBy, nextInExtents } from '../extent-list.ts';
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
    const first = this.#extents[lastStartingBy(this.#extents, offset)];
    if (first && length > 0 && offset + length <= first.at + first.length) {
      return this.#read(first, offset - first.at, length);
    }
    const result = new Uint8Array(length);
    this.#fill(offset, result);
    return result;
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    this.#fill(offset, target);
  }

  nextData(offset: number): number {
    return nextInExtents(this.#extents, offset, this.size);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  #fill(offset: number, target: Uint8Array): void {
    fillFromExtents(this.#extents, offset, target, (extent, into, part) =>
      part.set(this.#read(extent, into, part.length)),
    );
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
}
