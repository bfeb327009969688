/**
 * A file's content scattered over its file system: extents by their place in the file, gaps read as zeros (sparse files).
 */
import { type ByteSource, checkRange, peekAt, readInto, SliceSource } from '../bytes/byte-source.ts';
import { fillFromExtents, lastStartingBy, nextInExtents, type Span } from './extent-list.ts';

export interface Extent extends Span {
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
    this.#fill(offset, target);
  }

  nextData(offset: number): number {
    return nextInExtents(this.#extents, offset, this.size);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  /** The extent that all of [offset, offset + length) lies in. */
  #holding(offset: number, length: number): Extent | undefined {
    const extent = this.#extents[lastStartingBy(this.#extents, offset)];
    return extent && offset + length <= extent.at + extent.length ? extent : undefined;
  }

  #fill(offset: number, target: Uint8Array): void {
    fillFromExtents(this.#extents, offset, target, ({ from }, into, part) => readInto(this.#parent, from + into, part));
  }
}
