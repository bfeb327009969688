/** A ByteSource read once from front to back through one small window. */
import { ImageError, type ImageErrorKind } from '../../errors.ts';
import { type ByteSource, peekAt, readInto } from '../byte-source.ts';

const WINDOW = 256 * 1024;
/** Reads of at most this many bytes are a look at a header. */
const LOOK = 4096;

export class StreamInput {
  readonly label: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #onProgress: ((done: number, total: number) => void) | undefined;
  readonly #window: Uint8Array;
  /** Offset in the source of the first byte of the window. */
  #start = 0;
  #at = 0;
  #end = 0;

  /** `window`: the bytes read at once, few where only headers are looked at. */
  constructor(source: ByteSource, onProgress?: (done: number, total: number) => void, window = WINDOW) {
    this.#source = source;
    this.label = source.label;
    this.size = source.size;
    this.#onProgress = onProgress;
    this.#window = new Uint8Array(Math.min(window, Math.max(1, source.size)));
  }

  /** Offset in the source of the next byte. */
  get position(): number {
    return this.#start + this.#at;
  }

  get remaining(): number {
    return this.size - this.position;
  }

  /** The next bytes, at least one and at most `most`, none at the end. Valid until the next call. */
  some(most = WINDOW): Uint8Array {
    if (this.#at === this.#end) this.#fill();
    const bytes = this.#window.subarray(this.#at, Math.min(this.#end, this.#at + most));
    this.#at += bytes.length;
    return bytes;
  }

  /** The next `length` bytes without passing over them, fewer at the end; at most 64 KiB. Valid until the next call. */
  peek(length: number): Uint8Array {
    if (this.#end - this.#at < length) this.#fill();
    return this.#window.subarray(this.#at, Math.min(this.#end, this.#at + length));
  }

  /** Exactly the next `length` bytes, of which at most 64 KiB, or `truncated`. `what` names them in the error. */
  take(length: number, what: string): Uint8Array {
    const bytes = this.peek(length);
    if (bytes.length < length) throw this.truncated(what);
    this.#at += length;
    return bytes;
  }

  /** The next `length` bytes as a copy of any size; hold the length against something before. */
  copy(length: number, what: string): Uint8Array {
    if (length > this.remaining) throw this.truncated(what);
    const bytes = new Uint8Array(length);
    this.fill(bytes, length);
    return bytes;
  }

  /** Puts exactly the next `length` bytes at the start of `target`; hold the length against `remaining` before. Returns it. */
  fill(target: Uint8Array, length: number): number {
    const ready = this.#window.subarray(this.#at, Math.min(this.#end, this.#at + length));
    target.set(ready);
    this.#at += ready.length;
    const left = length - ready.length;
    if (left >= this.#window.length) {
      const from = this.position;
      readInto(this.#source, from, target.subarray(ready.length, length));
      this.seek(from + left);
      this.#onProgress?.(from, this.size);
    } else if (left > 0) target.set(this.take(left, 'its data'), ready.length);
    return length;
  }

  /** Passes over `length` bytes without reading them. */
  skip(length: number, what: string): void {
    if (length > this.remaining) throw this.truncated(what);
    if (length <= this.#end - this.#at) this.#at += length;
    else this.seek(this.position + length);
  }

  /** Goes on at `offset`, which may lie before what was read: for a decoder that took less than it was given. */
  seek(offset: number): void {
    if (offset >= this.#start && offset <= this.#start + this.#end) {
      this.#at = offset - this.#start;
      return;
    }
    this.#start = offset;
    this.#at = 0;
    this.#end = 0;
  }

  u8(what: string): number {
    return this.take(1, what)[0] as number;
  }

  u32le(what: string): number {
    const bytes = this.take(4, what);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  }

  /** An error about the byte at `offset`, the next one if not given. */
  error(kind: ImageErrorKind, code: string, message: string, offset = this.position): ImageError {
    return new ImageError(kind, code, `${this.label}: ${message}`, { location: { source: this.label, offset } });
  }

  truncated(what: string): ImageError {
    return new ImageError('truncated', 'bytes/truncated', `${this.label} ends inside ${what}`, {
      location: { source: this.label, offset: this.size },
      remedy: 'the image is cut off: copy or build it again',
    });
  }

  #fill(): void {
    this.#window.copyWithin(0, this.#at, this.#end);
    this.#start += this.#at;
    this.#end -= this.#at;
    this.#at = 0;
    const from = this.#start + this.#end;
    const count = Math.min(this.#window.length - this.#end, this.size - from);
    if (count === 0) return;
    const target = this.#window.subarray(this.#end, this.#end + count);
    if (count <= LOOK) target.set(peekAt(this.#source, from, count));
    else readInto(this.#source, from, target);
    this.#end += count;
    this.#onProgress?.(from, this.size);
  }
}
