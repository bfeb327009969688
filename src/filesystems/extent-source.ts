/**
 * A file's content scattered over its file system: extents by their place in the file, gaps read as zeros (sparse files).
 */

import { type ByteSource, checkRange, peekAt, readInto, SliceSource } from '../bytes/byte-source.ts';
import { partitionPoint } from '../bytes/partition-point.ts';

export interface Extent {
  /** Byte offset in the file. */
  readonly at: number;
  /** Bytes, more than 0. */
  readonly length: number;
  /** Byte offset in the source that holds the content. */
  readonly from: number;
}

export class ExtentSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #parent: ByteSource;
  readonly #extents: readonly Extent[];

  /** `extents` ascend by `at` and do not overlap; the reader of the format has made sure of both. */
  constructor(parent: ByteSource, extents: readonly Extent[], size: number, label: string) {
    this.#parent = parent;
    this.#extents = extents;
    this.size = size;
    this.label = label;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const extent = this.#holding(offset, length);
    if (extent) return this.#parent.read(extent.from + offset - extent.at, length);
    const result = new Uint8Array(length);
    this.#fill(offset, result);
    return result;
  }

  peek(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const extent = this.#holding(offset, length);
    return extent ? peekAt(this.#parent, extent.from + offset - extent.at, length) : this.read(offset, length);
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
    return this.#extents[index + 1]?.at ?? this.size;
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  /** The extent that all of [offset, offset + length) lies in. */
  #holding(offset: number, length: number): Extent | undefined {
    const extent = this.#extents[this.#lastStartingBy(offset)];
    return extent && offset + length <= extent.at + extent.length ? extent : undefined;
  }

  /** Reads the extents into `target`, which has the zeroes of the gaps already. */
  #fill(offset: number, target: Uint8Array): void {
    const end = offset + target.length;
    for (let index = Math.max(0, this.#lastStartingBy(offset)); ; index++) {
      const extent = this.#extents[index];
      if (!extent || extent.at >= end) return;
      const from = Math.max(offset, extent.at);
      const to = Math.min(end, extent.at + extent.length);
      if (from < to)
        readInto(this.#parent, extent.from + from - extent.at, target.subarray(from - offset, to - offset));
    }
  }

  /** Index of the last extent with `at` <= offset, -1 if there is none. */
  #lastStartingBy(offset: number): number {
    return partitionPoint(this.#extents.length, (i) => (this.#extents[i]?.at ?? 0) <= offset) - 1;
  }
}
