/**
 * Appends to a temporary file in which zeroes take no space. Writes run beside the decoder that makes the bytes, which waits only
 * when all buffers are on their way.
 */
import { write } from 'node:fs';
import { findData, temporaryFileError } from './sparse-file.ts';
import { isZero } from './zeroes.ts';

const BUFFER = 1024 * 1024;
/** Buffers being written or filled at once. */
const BUFFERS = 3;

interface Buffered {
  readonly bytes: Uint8Array;
  /** Resolves when the bytes, and all before them, are in the file and the buffer may be filled again. */
  written: Promise<void>;
}

export class SparseWriter {
  readonly #fd: number;
  readonly #onWritten: (size: number) => void;
  readonly #buffers: Buffered[] = Array.from({ length: BUFFERS }, () => ({
    bytes: Buffer.allocUnsafeSlow(BUFFER),
    written: Promise.resolve(),
  }));
  #last = Promise.resolve();
  #size = 0;
  /** Bytes in the first buffer that are not on their way yet, and whether any is not zero. */
  #filled = 0;
  #holdsData = false;

  /** `onWritten` is called with the size of what a reader of the file may rely on. */
  constructor(fd: number, onWritten: (size: number) => void = () => {}) {
    this.#fd = fd;
    this.#onWritten = onWritten;
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes bytes, which may change afterwards; await the result before the next call. ImageError `input`. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const [buffer] = this.#buffers;
      if (!buffer) return;
      if (this.#filled === 0) await buffer.written;
      const part = bytes.subarray(at, at + BUFFER - this.#filled);
      if (isZero(part)) buffer.bytes.fill(0, this.#filled, this.#filled + part.length);
      else {
        buffer.bytes.set(part, this.#filled);
        this.#holdsData = true;
      }
      at += part.length;
      this.#size += part.length;
      this.#filled += part.length;
      if (this.#filled === BUFFER) await this.#flush();
    }
  }

  /** Resolves when everything is in the file, up to its last byte that is not zero. ImageError `input`. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.settle();
    await this.#last;
  }

  /** Resolves when nothing is on its way any more, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#buffers.map(({ written }) => written));
  }

  async #flush(): Promise<void> {
    const size = this.#size;
    if (!this.#holdsData) {
      // Nothing is written, but what was before must be: and it gets its turn to say so.
      await this.#last;
      this.#filled = 0;
      this.#onWritten(size);
      return;
    }
    const buffer = this.#buffers.shift();
    if (!buffer) return;
    const bytes = buffer.bytes.subarray(0, this.#filled);
    const start = size - this.#filled;
    const writes = findData(bytes).map(([from, to]) => writeAll(this.#fd, bytes.subarray(from, to), start + from));
    buffer.written = Promise.all([this.#last, ...writes]).then(() => this.#onWritten(size));
    // Awaited later; until then a failure must not count as unhandled.
    buffer.written.catch(() => {});
    this.#last = buffer.written;
    this.#buffers.push(buffer);
    this.#filled = 0;
    this.#holdsData = false;
  }
}

async function writeAll(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += await new Promise<number>((resolve, reject) => {
      write(fd, bytes, done, bytes.length - done, position + done, (error, count) =>
        error ? reject(temporaryFileError(error)) : resolve(count),
      );
    });
  }
}
