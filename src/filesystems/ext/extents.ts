/**
 * Extent trees (kernel docs, filesystems/ext4: "Extent Tree"): the root lies in the inode, each further node in a block with a
 * checksum behind its last slot. Only the nodes on the way to the wanted block are read.
 */

import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { partitionPoint } from '../../bytes/partition-point.ts';
import { Struct, u16le, u32le } from '../../bytes/struct.ts';
import { RecentCache } from '../recent-cache.ts';
import type { BlockMap, BlockRun } from './block-map.ts';
import type { BlockReader } from './block-reader.ts';
import { inodeSeed } from './checksums.ts';
import type { Inode } from './inode.ts';

export const EXTENT_HEADER = {
  eh_magic: u16le(0),
  eh_entries: u16le(2),
  eh_max: u16le(4),
  eh_depth: u16le(6),
} as const;

/** A row of a node of depth > 0. */
export const EXTENT_INDEX = {
  ei_block: u32le(0),
  ei_leaf_lo: u32le(4),
  ei_leaf_hi: u16le(8),
} as const;

/** A row of a leaf. */
export const EXTENT = {
  ee_block: u32le(0),
  ee_len: u16le(4),
  ee_start_hi: u16le(6),
  ee_start_lo: u32le(8),
} as const;

const EXTENT_MAGIC = 0xf30a;
const ROW_SIZE = 12;
const MAX_DEPTH = 5;
/** Longer extents are allocated but were never written. */
const MAX_WRITTEN = 32768;
/** Block numbers of a file have 32 bits. */
const CAPACITY = 2 ** 32;
const NODES = 32;

/** A checked node: rows sorted by their first logical block. */
interface Node {
  readonly depth: number;
  readonly starts: readonly number[];
  /** Per row: the block of the child, or the first block of the extent. */
  readonly targets: readonly number[];
  /** Per row of a leaf: blocks, negative if never written. */
  readonly lengths: readonly number[];
}

export class ExtentMap implements BlockMap {
  readonly capacity = CAPACITY;
  readonly #blocks: BlockReader;
  readonly #inode: Inode;
  readonly #root: Node;
  /** Of nodes below the root, which most files do without. */
  #nodes: RecentCache<number, Node> | undefined;

  constructor(blocks: BlockReader, inode: Inode) {
    this.#blocks = blocks;
    this.#inode = inode;
    this.#root = this.#parseNode(inode.block, undefined, inode.offset);
  }

  run(logical: number): BlockRun {
    let node = this.#root;
    let end = CAPACITY;
    for (;;) {
      const row = lastAtMost(node.starts, logical);
      const next = node.starts[row + 1];
      if (next !== undefined && next < end) end = next;
      if (row < 0) return { physical: undefined, length: end - logical };
      const target = node.targets[row] as number;
      if (node.depth === 0) return extentRun(node, row, target, logical, end);
      node = this.#child(target, node.depth - 1, node.starts[row] as number, end);
    }
  }

  #child(block: number, depth: number, start: number, end: number): Node {
    this.#nodes ??= new RecentCache(NODES);
    let node = this.#nodes.get(block);
    if (!node) {
      const bytes = this.#blocks.read(block, `the extent tree of inode ${this.#inode.number}`);
      node = this.#parseNode(bytes, depth, block * this.#blocks.blockSize);
      this.#nodes.set(block, node);
    }
    const first = node.starts[0];
    const last = node.starts[node.starts.length - 1];
    if (node.depth !== depth || (first !== undefined && first < start) || (last !== undefined && last >= end)) {
      throw this.#corrupt('a node does not fit its parent', block * this.#blocks.blockSize);
    }
    return node;
  }

  /** `depth` is undefined for the root, which has no checksum of its own. */
  #parseNode(bytes: Uint8Array, depth: number | undefined, offset: number): Node {
    const header = new Struct(bytes);
    const entries = header.get(EXTENT_HEADER.eh_entries);
    const max = header.get(EXTENT_HEADER.eh_max);
    const ownDepth = header.get(EXTENT_HEADER.eh_depth);
    if (header.get(EXTENT_HEADER.eh_magic) !== EXTENT_MAGIC) throw this.#corrupt('a node has no magic number', offset);
    if (entries > max || ROW_SIZE + max * ROW_SIZE > bytes.length || ownDepth > MAX_DEPTH) {
      throw this.#corrupt(`a node has ${entries} of ${max} rows at depth ${ownDepth}`, offset);
    }
    if (depth !== undefined) this.#verifyChecksum(bytes, ROW_SIZE + max * ROW_SIZE, offset);
    const node = { depth: ownDepth, starts: [] as number[], targets: [] as number[], lengths: [] as number[] };
    let free = 0;
    for (let i = 0; i < entries; i++) {
      const row = header.at(ROW_SIZE * (i + 1));
      const start = row.get(EXTENT.ee_block);
      if (start < free) throw this.#corrupt('rows of a node are out of order or overlap', offset);
      free = start + (ownDepth === 0 ? this.#parseExtent(row, node) : this.#parseIndex(row, node));
      if (free > CAPACITY) throw this.#corrupt('an extent goes beyond the largest file', offset);
      node.starts.push(start);
    }
    return node;
  }

  /** Adds a leaf row; returns the blocks it covers. */
  #parseExtent(row: Struct, node: { targets: number[]; lengths: number[] }): number {
    const stored = row.get(EXTENT.ee_len);
    const length = stored > MAX_WRITTEN ? stored - MAX_WRITTEN : stored;
    const physical = row.get(EXTENT.ee_start_hi) * 0x1_0000_0000 + row.get(EXTENT.ee_start_lo);
    if (length === 0) throw this.#corrupt('an extent is empty', this.#inode.offset);
    this.#blocks.checkRun(physical, length, `an extent of inode ${this.#inode.number}`);
    node.targets.push(physical);
    node.lengths.push(stored > MAX_WRITTEN ? -length : length);
    return length;
  }

  /** Adds an index row; it covers at least one block. */
  #parseIndex(row: Struct, node: { targets: number[] }): number {
    node.targets.push(row.get(EXTENT_INDEX.ei_leaf_hi) * 0x1_0000_0000 + row.get(EXTENT_INDEX.ei_leaf_lo));
    return 1;
  }

  #verifyChecksum(bytes: Uint8Array, tail: number, offset: number): void {
    const { checksumSeed } = this.#blocks.superblock;
    if (checksumSeed === undefined || tail + 4 > bytes.length) return;
    const seed = inodeSeed(checksumSeed, this.#inode.number, this.#inode.generation);
    if (updateCrc32c(seed, bytes.subarray(0, tail)) !== new Struct(bytes).get(u32le(tail))) {
      throw this.#corrupt('a node has a wrong checksum', offset);
    }
  }

  #corrupt(what: string, offset: number): Error {
    return this.#blocks.corrupt('bad-extent-tree', `the extent tree of inode ${this.#inode.number}: ${what}`, offset);
  }
}

function extentRun(node: Node, row: number, target: number, logical: number, end: number): BlockRun {
  const skipped = logical - (node.starts[row] as number);
  const stored = node.lengths[row] as number;
  const length = Math.abs(stored);
  if (skipped >= length) return { physical: undefined, length: end - logical };
  return { physical: stored < 0 ? undefined : target + skipped, length: length - skipped };
}

/** Index of the last of the sorted `values` that is at most `wanted`, -1 if none. */
function lastAtMost(values: readonly number[], wanted: number): number {
  return partitionPoint(values.length, (i) => (values[i] as number) <= wanted) - 1;
}
