/**
 * Block pointers of ext2 and ext3 (kernel docs, filesystems/ext4: "Direct/Indirect Block Addressing"): twelve direct ones in the
 * inode, then one, two and three levels of blocks full of 32-bit pointers. They have no checksums. 0 is a hole.
 */
import { u32le } from '../../bytes/struct.ts';
import { RecentCache } from '../recent-cache.ts';
import type { BlockMap, BlockRun } from './block-map.ts';
import type { BlockReader } from './block-reader.ts';
import type { Inode } from './inode.ts';

const DIRECT = 12;
const LEVELS = 3;
/** Block of pointers in one generation of the cache. */
const TABLES = 8;

export const INDIRECT_POINTER = u32le(0);

export class IndirectMap implements BlockMap {
  readonly capacity: number;
  readonly #blocks: BlockReader;
  readonly #inode: number;
  readonly #roots: DataView;
  readonly #perBlock: number;
  readonly #tables = new RecentCache<number, DataView>(TABLES);

  constructor(blocks: BlockReader, inode: Inode) {
    this.#blocks = blocks;
    this.#inode = inode.number;
    this.#roots = viewOf(inode.block);
    this.#perBlock = blocks.blockSize / 4;
    this.capacity = Math.min(DIRECT + this.#perBlock + this.#perBlock ** 2 + this.#perBlock ** 3, 2 ** 32);
  }

  run(logical: number): BlockRun {
    if (logical < DIRECT) return this.#scan(this.#roots, logical, DIRECT);
    let rest = logical - DIRECT;
    let level = 1;
    while (level < LEVELS && rest >= this.#perBlock ** level) {
      rest -= this.#perBlock ** level;
      level++;
    }
    let pointer = this.#roots.getUint32((DIRECT + level - 1) * 4, true);
    for (; level > 0; level--) {
      /** Blocks of the file below one pointer of the table that `pointer` names. */
      const span = this.#perBlock ** (level - 1);
      if (pointer === 0) return { physical: undefined, length: span * this.#perBlock - rest };
      const table = this.#table(pointer);
      const index = Math.floor(rest / span);
      if (level === 1) return this.#scan(table, index, this.#perBlock);
      pointer = table.getUint32(index * 4, true);
      rest %= span;
    }
    throw new Error('every level ends in a table of block pointers');
  }

  /** The run of neighbouring blocks, or of holes, that begins at `index` of a table of block pointers. */
  #scan(table: DataView, index: number, end: number): BlockRun {
    const first = table.getUint32(index * 4, true);
    let length = 1;
    while (index + length < end && table.getUint32((index + length) * 4, true) === (first === 0 ? 0 : first + length)) {
      length++;
    }
    if (first === 0) return { physical: undefined, length };
    this.#blocks.checkRun(first, length, `a pointer of inode ${this.#inode}`);
    return { physical: first, length };
  }

  #table(block: number): DataView {
    let table = this.#tables.get(block);
    if (!table) {
      table = viewOf(new Uint8Array(this.#blocks.read(block, `an indirect block of inode ${this.#inode}`)));
      this.#tables.set(block, table);
    }
    return table;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
