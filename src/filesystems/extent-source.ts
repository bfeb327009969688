/**
 * A file's content scattered over its file system: extents by their place in the file, gaps read as zeros (sparse files).
 */
import { type ByteSource, checkRange, peekAt, SliceSource } from '../bytes/byte-source.ts';

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
    return this.#collect(offset, length, (from, count) => this.#parent.read(from, count));
  }

  peek(offset: number, length: number): Uint8Array {
    return this.#collect(offset, length, (from, count) => peekAt(this.#parent, from, count));
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

  #collect(offset: number, length: number, read: (from: number, count: number) => Uint8Array): Uint8Array {
    checkRange(this, offset, length);
    let index = this.#lastStartingBy(offset);
    const first = this.#extents[index];
    if (first && offset + length <= first.at + first.length) {
      return read(first.from + offset - first.at, length);
    }
    const result = new Uint8Array(length);
    const end = offset + length;
    for (let extent = first ?? this.#extents[++index]; extent && extent.at < end; extent = this.#extents[++index]) {
      const from = Math.max(offset, extent.at);
      const to = Math.min(end, extent.at + extent.length);
      if (from < to) result.set(read(extent.from + from - extent.at, to - from), from - offset);
    }
    return result;
  }

  /** Index of the last extent with `at` <= offset, -1 if there is none. */
  #lastStartingBy(offset: number): number {
    let low = -1;
    let high = this.#extents.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#extents[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
