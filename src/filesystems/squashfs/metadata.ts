/**
 * Metadata blocks (kernel docs, filesystems/squashfs, "Inodes"): up to 8 KiB each, a 16-bit header with the stored size before
 * them. Structures lie in them without regard to where one ends and the next begins.
 */
import { Struct, u16le } from '../../bytes/struct.ts';
import { RecentCache } from '../recent-cache.ts';
import type { SquashfsImage } from './image.ts';

export const METADATA_SIZE = 8192;
const HEADER = u16le(0);
const HEADER_SIZE = 2;
/** Set in the header of a block that is not compressed. */
const STORED = 0x8000;
/** The share of `Limits.cacheBytes` that one generation of expanded blocks may take. */
const CACHE_SHARE = 1 / 16;

export interface MetadataBlock {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the next block's header lies. */
  readonly next: number;
}

export class MetadataReader {
  readonly image: SquashfsImage;
  readonly #cache: RecentCache<number, MetadataBlock>;

  constructor(image: SquashfsImage) {
    this.image = image;
    this.#cache = new RecentCache(image.limits.cacheBytes * CACHE_SHARE);
  }

  /** The block whose header lies at `offset` of the source. Throws `corrupt`. */
  block(offset: number): MetadataBlock {
    const kept = this.#cache.get(offset);
    if (kept) return kept;
    const header = new Struct(this.image.read(offset, HEADER_SIZE, 'the header of a metadata block')).get(HEADER);
    const size = header & ~STORED;
    if (size === 0 || size > METADATA_SIZE) {
      throw this.image.corrupt('bad-metadata', `the metadata block at ${offset} has ${size} bytes`, offset);
    }
    const at = offset + HEADER_SIZE;
    const bytes =
      header & STORED
        ? Uint8Array.from(this.image.read(at, size, 'a metadata block'))
        : this.image.expand(at, size, METADATA_SIZE, 'the metadata block');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const block = { bytes, view, next: at + size };
    this.#cache.set(offset, block, METADATA_SIZE);
    return block;
  }

  /** Begins `offset` bytes into the block whose header lies at `start` of the source. Throws `corrupt`. */
  cursor(start: number, offset: number): MetadataCursor {
    return new MetadataCursor(this, start, offset);
  }
}

/** Reads on from a place in metadata, over the ends of blocks. */
export class MetadataCursor {
  readonly #reader: MetadataReader;
  #block: MetadataBlock;
  #start: number;
  #offset: number;

  constructor(reader: MetadataReader, start: number, offset: number) {
    this.#reader = reader;
    this.#start = start;
    this.#block = reader.block(start);
    this.#offset = offset;
    if (!(offset <= this.#block.bytes.length)) {
      throw reader.image.corrupt('bad-reference', `the metadata block at ${start} has no byte ${offset}`, start);
    }
  }

  /** Where the next bytes lie: header of the block in the source, and bytes into the block. */
  get place(): { readonly start: number; readonly offset: number } {
    return { start: this.#start, offset: this.#offset };
  }

  /** The next `length` bytes as a structure. It stays valid. */
  struct(length: number): Struct {
    const { bytes, view } = this.#block;
    const at = this.#offset;
    if (at + length > bytes.length) return new Struct(this.bytes(length));
    this.#offset = at + length;
    return new Struct(bytes, at, view);
  }

  /** The next `length` bytes: a view that stays valid and must not be changed. */
  bytes(length: number): Uint8Array {
    const at = this.#offset;
    if (at + length <= this.#block.bytes.length) {
      this.#offset = at + length;
      return this.#block.bytes.subarray(at, at + length);
    }
    const parts: Uint8Array[] = [];
    this.#pass(length, (part) => parts.push(part));
    return Buffer.concat(parts);
  }

  skip(length: number): void {
    this.#pass(length, () => {});
  }

  /** Hands out `length` bytes piece by piece: nothing is allocated before the image has shown that it holds them. */
  #pass(length: number, take: (part: Uint8Array) => void): void {
    for (let left = length; left > 0; ) {
      if (this.#offset === this.#block.bytes.length) {
        this.#start = this.#block.next;
        this.#block = this.#reader.block(this.#start);
        this.#offset = 0;
      }
      const part = this.#block.bytes.subarray(this.#offset, this.#offset + left);
      take(part);
      this.#offset += part.length;
      left -= part.length;
    }
  }
}
