/** A byte array as a ByteSource. */
import { type ByteSource, checkRange, SliceSource } from './byte-source.ts';

export class MemorySource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, label: string) {
    this.#bytes = bytes;
    this.size = bytes.length;
    this.label = label;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    return this.#bytes.subarray(offset, offset + length);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}
}
