/**
 * zisofs (mkzftree; Linux, fs/isofs/compress.c): a header, the places of all blocks, each block a zlib stream, empty ones zeros.
 * Version 2 (`PZ`) is not read.
 */
import { type ByteSource, checkRange, SliceSource } from '../../bytes/byte-source.ts';
import { decodeZlib } from '../../bytes/codecs/blocks/deflate.ts';
import { raw, Struct, u8, u32le } from '../../bytes/struct.ts';
import { asImageError, ImageError } from '../../errors.ts';

export const ZISOFS = { magic: raw(0, 8), size: u32le(8), header_size: u8(12), block_bits: u8(13) } as const;
const HEADER_SIZE = 16;
const MAGIC = '37e45396c9dbd607';
const POINTER = u32le(0);
const POINTER_SIZE = 4;
const MIN_BLOCK_BITS = 15;
const MAX_BLOCK_BITS = 17;

export class ZisofsSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #stored: ByteSource;
  readonly #pointers: number;
  readonly #blockSize: number;
  #latest: { readonly index: number; readonly bytes: Uint8Array } | undefined;

  /** `size` is what Rock Ridge says of the content. Throws `corrupt`. */
  constructor(stored: ByteSource, size: number, label: string) {
    const s = new Struct(stored.read(0, HEADER_SIZE));
    const bits = s.get(ZISOFS.block_bits);
    const isHeader = Buffer.from(s.bytes(ZISOFS.magic)).toString('hex') === MAGIC && s.get(ZISOFS.size) === size;
    if (!isHeader || bits < MIN_BLOCK_BITS || bits > MAX_BLOCK_BITS) {
      throw new ImageError('corrupt', 'iso9660/bad-zisofs', `the zisofs header of ${label} makes no sense`, {
        location: { source: stored.label },
      });
    }
    this.size = size;
    this.label = label;
    this.#stored = stored;
    this.#pointers = s.get(ZISOFS.header_size) * 4;
    this.#blockSize = 1 << bits;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const end = offset + length;
    const first = Math.floor(offset / this.#blockSize);
    if (length > 0 && end <= (first + 1) * this.#blockSize) {
      const from = offset - first * this.#blockSize;
      return this.#block(first).subarray(from, from + length);
    }
    const result = new Uint8Array(length);
    for (let index = first; index * this.#blockSize < end; index++) {
      const start = index * this.#blockSize;
      const from = Math.max(0, offset - start);
      result.set(this.#block(index).subarray(from, end - start), start + from - offset);
    }
    return result;
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  #block(index: number): Uint8Array {
    if (this.#latest?.index === index) return this.#latest.bytes;
    const bytes = this.#expand(index);
    this.#latest = { index, bytes };
    return bytes;
  }

  #expand(index: number): Uint8Array {
    const length = Math.min(this.#blockSize, this.size - index * this.#blockSize);
    const s = new Struct(this.#stored.read(this.#pointers + index * POINTER_SIZE, 2 * POINTER_SIZE));
    const from = s.get(POINTER);
    const to = s.at(POINTER_SIZE).get(POINTER);
    const location = { source: this.#stored.label, offset: from };
    if (to === from) return new Uint8Array(length);
    if (to < from || to - from > 2 * this.#blockSize) {
      throw new ImageError('corrupt', 'iso9660/bad-zisofs', `a zisofs block of ${this.label} has no size`, {
        location,
      });
    }
    try {
      const bytes = decodeZlib(this.#stored.read(from, to - from), length);
      if (bytes.length === length) return bytes;
    } catch (thrown) {
      const { kind, code, message } = asImageError(thrown);
      throw new ImageError(kind, code, `${this.label}: ${message}`, { location, cause: thrown });
    }
    throw new ImageError('corrupt', 'iso9660/bad-zisofs', `a zisofs block of ${this.label} is too short`, { location });
  }
}
