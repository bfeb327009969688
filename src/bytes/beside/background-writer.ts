/**
 * Writes the output of a stream decoder into the temporary file while the decoder goes on: parts are copied, and waited for only when
 * all buffers are on their way. Zeroes, and what is found elsewhere, are passed over.
 */
import { write } from 'node:fs';
import { findData, temporaryFileError } from '../sparse-file.ts';
import { isZero } from '../zeroes.ts';

const BUFFER = 1024 * 1024;
/** Buffers being written at once. */
const BUFFERS = 3;

interface Buffered {
  readonly bytes: Uint8Array;
  /** Resolves when the bytes, and all before them, are in the file and the buffer may be filled again. */
  written: Promise<void>;
}

export class BackgroundWriter {
  readonly #fd: number;
  readonly #onWritten: (size: number, dataEnd: number) => void;
  readonly #buffers: Buffered[] = Array.from({ length: BUFFERS }, () => ({
    bytes: Buffer.allocUnsafeSlow(BUFFER),
    written: Promise.resolve(),
  }));
  #last = Promise.resolve();
  #size = 0;
  #dataEnd = 0;

  /** `onWritten` is told up to where a reader may rely on the output, and from where on there are only zeroes. */
  constructor(fd: number, onWritten: (size: number, dataEnd: number) => void) {
    this.#fd = fd;
    this.#onWritten = onWritten;
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes bytes, which may change afterwards; await the result before the next call. ImageError `input`. */
  async write(bytes: Uint8Array): Promise<void> {
    if (isZero(bytes)) {
      this.#size += bytes.length;
      await this.#pass();
    } else for (let at = 0; at < bytes.length; at += BUFFER) await this.#copy(bytes.subarray(at, at + BUFFER));
  }

  /** Passes over bytes that are not in the file. */
  async skip(length: number): Promise<void> {
    this.#size += length;
    this.#dataEnd = this.#size;
    await this.#pass();
  }

  /** Resolves when everything is in the file, up to its last byte that is not zero. ImageError `input`. */
  async finish(): Promise<void> {
    await this.#last;
  }

  /** Nothing is written, but what was before must be: and it gets its turn to say so. */
  async #pass(): Promise<void> {
    await this.#last;
    this.#onWritten(this.#size, this.#dataEnd);
  }

  async #copy(part: Uint8Array): Promise<void> {
    const buffer = this.#buffers.shift() as Buffered;
    await buffer.written;
    const bytes = buffer.bytes.subarray(0, part.length);
    bytes.set(part);
    const start = this.#size;
    const runs = findData(bytes);
    this.#size += part.length;
    this.#dataEnd = start + (runs.at(-1)?.[1] ?? 0);
    const [size, dataEnd] = [this.#size, this.#dataEnd];
    const writes = runs.map(([from, to]) => writeAll(this.#fd, bytes.subarray(from, to), start + from));
    buffer.written = Promise.all([this.#last, ...writes]).then(() => this.#onWritten(size, dataEnd));
    // Awaited later; until then a failure must not count as unhandled.
    buffer.written.catch(() => {});
    this.#last = buffer.written;
    this.#buffers.push(buffer);
  }
}

async function writeAll(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += await new Promise<number>((resolve, reject) => {
      write(fd, bytes, done, bytes.length - done, position + done, (error, count) =>
        error ? reject(temporaryFileError(error)) : resolve(count),
      );
    });
  }
}
