/**
 * Where the output of a decoder goes, once, to be read back at any offset: memory while it is small, else a sparse temporary
 * file (`sparse-file.ts`). Writes run beside the decoder, which waits only when all buffers are on their way.
 */
import { closeSync, ftruncateSync, write } from 'node:fs';
import { type Limits, limitExceeded } from '../limits.ts';
import type { ByteSource } from './byte-source.ts';
import { FileSource } from './file-source.ts';
import { MemorySource } from './memory-source.ts';
import { findData, openUnnamedFile, temporaryFileError } from './sparse-file.ts';
import { isZero } from './zeroes.ts';

const MiB = 1024 * 1024;
/** Outputs up to this size stay in memory. */
const IN_MEMORY = 32 * MiB;
const BUFFER = MiB;
/** Buffers being written or filled at once. */
const BUFFERS = 3;

export interface SpoolOptions {
  readonly limits: Limits;
  /** The label of the output. */
  readonly label: string;
  /** Outputs up to this many bytes stay in memory. */
  readonly inMemory?: number;
}

interface Buffered {
  readonly bytes: Uint8Array;
  /** Resolves when the bytes are in the file and the buffer may be filled again. */
  written: Promise<unknown>;
}

export class Spool {
  readonly #options: SpoolOptions;
  readonly #inMemory: number;
  #chunks: Uint8Array[] = [];
  #fd: number | undefined;
  #buffers: Buffered[] = [];
  /** Bytes in the first buffer that are not written yet. */
  #filled = 0;
  #size = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#inMemory = options.inMemory ?? IN_MEMORY;
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends bytes, which may change afterwards; await the result before the next call. */
  async write(bytes: Uint8Array): Promise<void> {
    const { limits, label } = this.#options;
    if (this.#size + bytes.length > limits.spoolBytes) {
      throw limitExceeded('spoolBytes', limits, `${label} expands to more than ${this.#size} bytes`, { source: label });
    }
    if (this.#fd === undefined) {
      if (this.#size + bytes.length <= this.#inMemory) {
        // Not `slice`, which does not copy a Buffer.
        this.#chunks.push(new Uint8Array(bytes));
        this.#size += bytes.length;
        return;
      }
      await this.#spill();
    }
    await this.#append(bytes);
  }

  /** The whole output as a source, which now owns the memory or file. */
  async finish(): Promise<ByteSource> {
    const { label, limits } = this.#options;
    const fd = this.#fd;
    if (fd === undefined) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
      this.#chunks = [];
      return new MemorySource(bytes ?? new Uint8Array(0), label);
    }
    if (this.#filled > 0) this.#flush(fd);
    await Promise.all(this.#buffers.map((buffer) => buffer.written));
    try {
      ftruncateSync(fd, this.#size);
    } catch (error) {
      throw temporaryFileError(error);
    }
    this.#fd = undefined;
    this.#buffers = [];
    return new FileSource(fd, this.#size, label, limits.cacheBytes);
  }

  /** Gives everything back; for a decoder that failed. */
  async discard(): Promise<void> {
    this.#chunks = [];
    await Promise.allSettled(this.#buffers.map((buffer) => buffer.written));
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#buffers = [];
  }

  async #spill(): Promise<void> {
    this.#fd = openUnnamedFile();
    this.#buffers = Array.from({ length: BUFFERS }, () => ({
      bytes: Buffer.allocUnsafeSlow(BUFFER),
      written: Promise.resolve(),
    }));
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#size = 0;
    for (const chunk of chunks) await this.#append(chunk);
  }

  async #append(bytes: Uint8Array): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      const [buffer] = this.#buffers;
      if (this.#fd === undefined || !buffer) return;
      const part = bytes.subarray(at, at + BUFFER - this.#filled);
      at += part.length;
      this.#size += part.length;
      if (part.length === BUFFER && isZero(part)) continue;
      if (this.#filled === 0) await buffer.written;
      buffer.bytes.set(part, this.#filled);
      this.#filled += part.length;
      if (this.#filled === BUFFER) this.#flush(this.#fd);
    }
  }

  /** Starts writing the first buffer and moves it to the back of the row. */
  #flush(fd: number): void {
    const buffer = this.#buffers.shift();
    if (!buffer) return;
    const bytes = buffer.bytes.subarray(0, this.#filled);
    const offset = this.#size - this.#filled;
    buffer.written = Promise.all(
      findData(bytes).map(([from, to]) => writeAll(fd, bytes.subarray(from, to), offset + from)),
    );
    // Awaited later; until then a failure must not count as unhandled.
    buffer.written.catch(() => {});
    this.#buffers.push(buffer);
    this.#filled = 0;
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
