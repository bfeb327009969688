/**
 * Appends to a temporary file in which zeroes take no space. It writes at once: copying what a decoder made, so that it can be written
 * beside the next, costs as much as writing it.
 */
import { writeSync } from 'node:fs';
import { findData, temporaryFileError } from './sparse-file.ts';
import { isZero } from './zeroes.ts';

/** What comes in small parts is gathered up to this many bytes. */
const BUFFER = 1024 * 1024;
/** Parts of at least this many bytes are not. */
const DIRECT = 64 * 1024;

export class SparseWriter {
  readonly #fd: number;
  readonly #start: number;
  #buffer: Uint8Array | undefined;
  /** Bytes in the buffer. */
  #filled = 0;
  #written = 0;
  #dataEnd = 0;

  /** `start`: where in the file the first byte goes. */
  constructor(fd: number, start = 0) {
    this.#fd = fd;
    this.#start = start;
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#written + this.#filled;
  }

  /** Bytes of them that are in the file, or passed over. */
  get written(): number {
    return this.#written;
  }

  /** From here on to `written` there are only zeroes. */
  get dataEnd(): number {
    return this.#dataEnd;
  }

  /** Takes bytes, which may change afterwards. ImageError `input`. */
  write(bytes: Uint8Array): void {
    if (this.#filled === 0 && bytes.length >= DIRECT) {
      this.#put(bytes);
      return;
    }
    this.#buffer ??= Buffer.allocUnsafeSlow(BUFFER);
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BUFFER - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BUFFER) this.finish();
    }
  }

  /** Passes over bytes that are found elsewhere. ImageError `input`. */
  skip(length: number): void {
    this.finish();
    this.#written += length;
    this.#dataEnd = this.#written;
  }

  /** Puts everything into the file, up to its last byte that is not zero. ImageError `input`. */
  finish(): void {
    if (!this.#buffer) return;
    const bytes = this.#buffer.subarray(0, this.#filled);
    this.#filled = 0;
    this.#put(bytes);
  }

  #put(bytes: Uint8Array): void {
    const position = this.#start + this.#written;
    if (!isZero(bytes)) {
      for (const [from, to] of findData(bytes)) {
        writeAll(this.#fd, bytes.subarray(from, to), position + from);
        this.#dataEnd = this.#written + to;
      }
    }
    this.#written += bytes.length;
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  try {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(fd, bytes, done, bytes.length - done, position + done);
    }
  } catch (error) {
    throw temporaryFileError(error);
  }
}
