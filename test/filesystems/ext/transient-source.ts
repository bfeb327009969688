/** What a read may be at worst: memory that the next read gives to other bytes. */
import { type ByteSource, checkRange, SliceSource } from '../../../src/bytes/byte-source.ts';

export class TransientSource implements ByteSource {
  readonly size: number;
  readonly label = 'image';
  readonly #bytes: Uint8Array;
  #given = new Uint8Array(0);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    this.#given.fill(0xaa);
    this.#given = this.#bytes.slice(offset, offset + length);
    return this.#given;
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}
}
