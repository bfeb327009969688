/**
 * Files in chunks of one size, each anywhere in the image or a hole (kernel docs, filesystems/erofs, "Chunk-based files"): behind
 * the inode lies a list of block addresses, or of indexes that name a device, too.
 */
import { type ByteSource, checkRange, SliceSource } from '../../bytes/byte-source.ts';
import { Struct, u16le, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import type { ErofsImage } from './image.ts';
import type { Inode } from './inode.ts';

export const CHUNK_INDEX = { startblk_hi: u16le(0), device_id: u16le(2), startblk_lo: u32le(4) } as const;
const INDEX_SIZE = 8;
const ADDRESS = u32le(0);
const ADDRESS_SIZE = 4;
const HOLE = 0xffff_ffff;

/** Of the chunk format. */
const BLOCK_BITS = 0x1f;
const HAS_INDEXES = 0x20;
const KNOWN = BLOCK_BITS | HAS_INDEXES;

export class ChunkSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #image: ErofsImage;
  readonly #inode: Inode;
  readonly #chunkSize: number;
  readonly #hasIndexes: boolean;
  /** Byte offset of the list. */
  readonly #list: number;

  /** Throws `unsupported` for a chunk format that is not known. */
  constructor(image: ErofsImage, inode: Inode, label: string) {
    const format = inode.union & 0xffff;
    if (format & ~KNOWN) {
      const message = `inode ${inode.nid} has the chunk format 0x${format.toString(16)}, which is not known`;
      throw new ImageError('unsupported', 'erofs/chunk-format', message, {
        location: { source: image.source.label, offset: inode.offset },
      });
    }
    this.size = inode.size;
    this.label = label;
    this.#image = image;
    this.#inode = inode;
    this.#chunkSize = image.superblock.blockSize * 2 ** (format & BLOCK_BITS);
    this.#hasIndexes = (format & HAS_INDEXES) !== 0;
    const unit = this.#hasIndexes ? INDEX_SIZE : ADDRESS_SIZE;
    this.#list = Math.ceil(inode.tail / unit) * unit;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const end = offset + length;
    const first = Math.floor(offset / this.#chunkSize);
    if (length > 0 && end <= (first + 1) * this.#chunkSize) {
      const start = this.#place(first);
      if (start === undefined) return new Uint8Array(length);
      return this.#read(start + offset - first * this.#chunkSize, length);
    }
    const result = new Uint8Array(length);
    for (let index = first; index * this.#chunkSize < end; index++) {
      const at = index * this.#chunkSize;
      const from = Math.max(offset, at);
      const to = Math.min(end, at + this.#chunkSize);
      const start = this.#place(index);
      if (start !== undefined) result.set(this.#read(start + from - at, to - from), from - offset);
    }
    return result;
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  #read(offset: number, length: number): Uint8Array {
    return this.#image.read(offset, length, `a chunk of inode ${this.#inode.nid}`);
  }

  /** Byte offset of chunk `index` in the source, undefined for a hole. */
  #place(index: number): number | undefined {
    const unit = this.#hasIndexes ? INDEX_SIZE : ADDRESS_SIZE;
    const s = new Struct(this.#image.read(this.#list + index * unit, unit, 'a chunk index'));
    const block = s.get(this.#hasIndexes ? CHUNK_INDEX.startblk_lo : ADDRESS);
    if (block === HOLE) return undefined;
    if (this.#hasIndexes && s.get(CHUNK_INDEX.device_id) !== 0) {
      const message = `inode ${this.#inode.nid} has a chunk on another device`;
      throw this.#image.corrupt('bad-chunk', message, this.#inode.offset);
    }
    return block * this.#image.superblock.blockSize;
  }
}
