/**
 * The headers of an archive in their order, past the caches, which an index of the whole would only fill: those close together
 * come with one read, one behind a large content comes alone.
 */
import { type ByteSource, checkRange, peekAt, readInto } from '../bytes/byte-source.ts';

const WINDOW = 64 * 1024;
/** Headers this close together come with one read. */
const NEAR = 4 * 1024;
/** Bytes of a header that comes alone: of cpio with its name. */
const ALONE = 512;

export class HeaderWindow {
  readonly #source: ByteSource;
  readonly #bytes: Uint8Array;
  /** Byte offset of the window in the source, and bytes it holds. */
  #start = 0;
  #length = 0;
  /** Where the latest read ended. */
  #end = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#bytes = new Uint8Array(Math.min(WINDOW, source.size));
  }

  /** What `source.read` gives; valid until the next read of anything. */
  read(offset: number, length: number): Uint8Array {
    checkRange(this.#source, offset, length);
    if (length > WINDOW) return this.#source.read(offset, length);
    const isHeld = offset >= this.#start && offset + length <= this.#start + this.#length;
    if (!isHeld) this.#fill(offset, length);
    this.#end = offset + length;
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }

  #fill(offset: number, length: number): void {
    this.#length = 0;
    const isNear = Math.abs(offset - this.#end) <= NEAR;
    const count = Math.min(isNear ? WINDOW : Math.max(length, ALONE), this.#source.size - offset);
    if (isNear) readInto(this.#source, offset, this.#bytes.subarray(0, count));
    else this.#bytes.set(peekAt(this.#source, offset, count));
    this.#start = offset;
    this.#length = count;
  }
}
