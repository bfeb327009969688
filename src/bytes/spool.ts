/**
 * Where the output of a decoder goes, once, to be read back at any offset: memory while it is small, else a sparse temporary
 * file (`sparse-file.ts`).
 */
import { closeSync, ftruncateSync } from 'node:fs';
import { type Limits, limitExceeded } from '../limits.ts';
import type { ByteSource } from './byte-source.ts';
import { FileSource } from './file-source.ts';
import { MemorySource } from './memory-source.ts';
import { openUnnamedFile, temporaryFileError } from './sparse-file.ts';
import { SparseWriter } from './sparse-writer.ts';

/** Outputs up to this size stay in memory. */
const IN_MEMORY = 32 * 1024 * 1024;

export interface SpoolOptions {
  readonly limits: Limits;
  /** The label of the output. */
  readonly label: string;
  /** Outputs up to this many bytes stay in memory. */
  readonly inMemory?: number;
}

interface SpoolFile {
  readonly fd: number;
  readonly writer: SparseWriter;
}

export class Spool {
  readonly #options: SpoolOptions;
  readonly #inMemory: number;
  #chunks: Uint8Array[] = [];
  #file: SpoolFile | undefined;
  #size = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#inMemory = options.inMemory ?? IN_MEMORY;
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends bytes, which may change afterwards. */
  write(bytes: Uint8Array): void {
    const { limits, label } = this.#options;
    if (this.#size + bytes.length > limits.spoolBytes) {
      throw limitExceeded('spoolBytes', limits, `${label} expands to more than ${this.#size} bytes`, { source: label });
    }
    this.#size += bytes.length;
    if (!this.#file && this.#size <= this.#inMemory) {
      // Not `slice`, which does not copy a Buffer.
      this.#chunks.push(new Uint8Array(bytes));
      return;
    }
    this.#file ??= this.#spill();
    this.#file.writer.write(bytes);
  }

  /** The whole output as a source, which now owns the memory or file. */
  finish(): ByteSource {
    const { label, limits } = this.#options;
    if (!this.#file) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
      this.#chunks = [];
      return new MemorySource(bytes ?? new Uint8Array(0), label);
    }
    const { fd, writer } = this.#file;
    writer.finish();
    try {
      ftruncateSync(fd, this.#size);
    } catch (error) {
      throw temporaryFileError(error);
    }
    this.#file = undefined;
    return new FileSource(fd, this.#size, label, limits.cacheBytes);
  }

  /** Gives everything back; for a decoder that failed. */
  discard(): void {
    this.#chunks = [];
    const file = this.#file;
    this.#file = undefined;
    if (file) closeSync(file.fd);
  }

  #spill(): SpoolFile {
    const fd = openUnnamedFile();
    const file = { fd, writer: new SparseWriter(fd) };
    this.#file = file;
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) file.writer.write(chunk);
    return file;
  }
}
