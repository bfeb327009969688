/** Images packed by test/fixtures/tree/pack-sparse.mjs: a size, and the blocks that are not zero. */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { type ByteSource, checkRange, SliceSource } from '../../src/bytes/byte-source.ts';

const BLOCK = 4096;

export class SparseImage implements ByteSource {
  readonly label: string;
  readonly #packed: Uint8Array;
  /** Where a block lies in what is packed. */
  readonly #places: ReadonlyMap<number, number>;
  /** Bytes that can be read; a test may cut the image off. */
  size: number;

  constructor(size: number, packed: Uint8Array, places: ReadonlyMap<number, number>, label: string) {
    this.size = size;
    this.label = label;
    this.#packed = packed;
    this.#places = places;
  }

  /** Byte offsets of all blocks that are not zero. */
  get blocks(): number[] {
    return [...this.#places.keys()].map((block) => block * BLOCK);
  }

  /** An image of its own, to be damaged at will. */
  copy(): SparseImage {
    return new SparseImage(this.size, Uint8Array.from(this.#packed), this.#places, this.label);
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const result = new Uint8Array(length);
    for (let at = offset; at < offset + length; ) {
      const into = at % BLOCK;
      const count = Math.min(BLOCK - into, offset + length - at);
      const place = this.#places.get((at - into) / BLOCK);
      if (place !== undefined) result.set(this.#packed.subarray(place + into, place + into + count), at - offset);
      at += count;
    }
    return result;
  }

  /** Changes bytes of blocks that are not zero. */
  write(offset: number, bytes: Uint8Array): void {
    for (const [i, byte] of bytes.entries()) {
      const place = this.#places.get(Math.floor((offset + i) / BLOCK));
      if (place === undefined) throw new Error(`there is nothing at byte ${offset + i}`);
      this.#packed[place + ((offset + i) % BLOCK)] = byte;
    }
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}
}

/** A fresh image from a fixture. */
export function readSparseImage(path: string, label = 'image'): SparseImage {
  const bytes = brotliDecompressSync(readFileSync(path));
  const end = bytes.indexOf(0x0a);
  const { size, steps }: { size: number; steps: number[] } = JSON.parse(bytes.subarray(0, end).toString());
  const places = new Map<number, number>();
  let number = 0;
  for (const [i, step] of steps.entries()) {
    number += step;
    places.set(number, i * BLOCK);
  }
  return new SparseImage(size, Uint8Array.from(bytes.subarray(end + 1)), places, label);
}
