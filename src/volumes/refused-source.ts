/** A volume that is there and cannot be read: every read is the same error. */
import { type ByteSource, checkRange } from '../bytes/byte-source.ts';
import type { ImageError } from '../errors.ts';

export class RefusedSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #error: ImageError;

  constructor(size: number, label: string, error: ImageError) {
    this.size = size;
    this.label = label;
    this.#error = error;
  }

  read(_offset: number, _length: number): Uint8Array {
    throw this.#error;
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new RefusedSource(length, label, this.#error);
  }

  close(): void {}
}
