/**
 * The content of a file: whole blocks, each expanded when it is read, and an end that may lie in a fragment block shared with
 * other files (kernel docs, filesystems/squashfs, "Files").
 */
import { type ByteSource, checkRange, SliceSource } from '../../bytes/byte-source.ts';
import { u32le, u64le } from '../../bytes/struct.ts';
import { BlockList, type StoredBlock } from './block-list.ts';
import type { DataBlocks } from './data-blocks.ts';
import type { SquashfsImage } from './image.ts';
import type { IndexedTable } from './indexed-table.ts';
import type { FileInode } from './inode.ts';
import type { MetadataReader } from './metadata.ts';

export const FRAGMENT = { start_block: u64le(0), size: u32le(8), unused: u32le(12) } as const;
export const FRAGMENT_SIZE = 16;
const STORED = 0x100_0000;

export interface ContentParts {
  readonly metadata: MetadataReader;
  readonly data: DataBlocks;
  readonly fragments: IndexedTable;
}

export class SquashfsContent implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #parts: ContentParts;
  readonly #image: SquashfsImage;
  readonly #inode: FileInode;
  readonly #blockSize: number;
  /** Blocks in the list; the rest of the file is in the fragment. */
  readonly #blockCount: number;
  readonly #blocks: BlockList;
  #fragment: StoredBlock | undefined;

  constructor(parts: ContentParts, inode: FileInode, label: string) {
    this.size = inode.size;
    this.label = label;
    this.#parts = parts;
    this.#image = parts.metadata.image;
    this.#inode = inode;
    this.#blockSize = this.#image.superblock.blockSize;
    const blocks = inode.size / this.#blockSize;
    this.#blockCount = inode.fragment ? Math.floor(blocks) : Math.ceil(blocks);
    this.#blocks = new BlockList(parts.metadata, inode.sizes, inode.start, this.#blockCount);
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const first = Math.floor(offset / this.#blockSize);
    const end = offset + length;
    if (end <= (first + 1) * this.#blockSize) {
      const from = offset - first * this.#blockSize;
      return this.#block(first)?.subarray(from, from + length) ?? new Uint8Array(length);
    }
    const result = new Uint8Array(length);
    this.readInto(offset, result);
    return result;
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    const end = offset + target.length;
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / this.#blockSize);
      const start = index * this.#blockSize;
      const to = Math.min(end, start + this.#blockSize);
      const block = this.#block(index);
      if (block) target.set(block.subarray(at - start, to - start), at - offset);
      else target.fill(0, at - offset, to - offset);
      at = to;
    }
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  /** The bytes of block `index` of the file; undefined if it is a hole. */
  #block(index: number): Uint8Array | undefined {
    const length = Math.min(this.#blockSize, this.size - index * this.#blockSize);
    if (index >= this.#blockCount) return this.#tail(length);
    const stored = this.#blocks.block(index);
    if (stored.size === 0) return undefined;
    const bytes = this.#parts.data.read(stored, 'the data block');
    if (bytes.length === length) return bytes;
    const message = `a block of ${this.label} has ${bytes.length} bytes, not ${length}`;
    throw this.#image.corrupt('bad-block-size', message, stored.offset);
  }

  #tail(length: number): Uint8Array {
    const offset = this.#inode.fragment?.offset ?? 0;
    this.#fragment ??= this.#findFragment(this.#inode.fragment?.index ?? 0);
    const bytes = this.#parts.data.read(this.#fragment, 'the fragment block');
    if (offset + length <= bytes.length) return bytes.subarray(offset, offset + length);
    const message = `the end of ${this.label} lies at ${offset} of a fragment block of ${bytes.length} bytes`;
    throw this.#image.corrupt('bad-fragment', message, this.#fragment.offset);
  }

  #findFragment(index: number): StoredBlock {
    const row = this.#parts.fragments.row(index);
    const stored = row.get(FRAGMENT.size);
    const size = stored & ~STORED;
    const offset = row.get(FRAGMENT.start_block);
    if (size === 0 || size > this.#blockSize) {
      throw this.#image.corrupt('bad-fragment', `fragment block ${index} has a size of ${size} bytes`, offset);
    }
    return { offset, size, isCompressed: (stored & STORED) === 0 };
  }
}
