/**
 * Tree blocks (kernel, btrfs_tree.h: btrfs_header, btrfs_item, btrfs_key_ptr): a header, then keys in ascending order, with the
 * place of an item's data each in a leaf, and of a block one level below each elsewhere.
 */
import { partitionPoint } from '../../bytes/partition-point.ts';
import { raw, Struct, u8, u32le, u64le } from '../../bytes/struct.ts';
import type { BtrfsImage } from './image.ts';
import { joinKeyNumber, KEY_SIZE, type Key } from './key.ts';
import type { TreeRoot } from './superblock.ts';

export const HEADER = {
  csum: raw(0, 32),
  fsid: raw(32, 16),
  bytenr: u64le(48),
  generation: u64le(80),
  nritems: u32le(96),
  level: u8(100),
} as const;
export const HEADER_SIZE = 101;
const CHECKSUM_FIELD = 32;

export const LEAF_ITEM = { offset: u32le(KEY_SIZE), size: u32le(KEY_SIZE + 4) } as const;
export const LEAF_ITEM_SIZE = KEY_SIZE + 8;
const POINTER = { blockptr: u64le(KEY_SIZE), generation: u64le(KEY_SIZE + 8) } as const;
const POINTER_SIZE = KEY_SIZE + 16;
export const MAX_LEVEL = 7;

export interface TreeNode {
  readonly address: number;
  readonly level: number;
  readonly generation: number;
  readonly count: number;
  /** The keys, column by column. */
  readonly objectids: Float64Array;
  readonly types: Uint8Array;
  readonly offsets: Float64Array;
  /** The whole block, as memory of its own. */
  readonly bytes: Uint8Array;
}

/** The verified block at `place`. Throws `corrupt`. */
export function readNode(image: BtrfsImage, place: TreeRoot): TreeNode {
  const kept = image.nodes.get(place.address);
  if (kept) {
    if (kept.level !== place.level || kept.generation !== place.generation) throw notReferred(image, place);
    return kept;
  }
  const node = parseNode(image, place);
  image.nodes.set(place.address, node, node.bytes.length);
  return node;
}

function notReferred(image: BtrfsImage, { address }: TreeRoot): Error {
  return image.corrupt('bad-node', `the tree block at address ${address} is not the one that is referred to`);
}

function parseNode(image: BtrfsImage, place: TreeRoot): TreeNode {
  const { address } = place;
  const { nodeSize, checksum, metadataUuid } = image.superblock;
  const view = image.readCopy(address, nodeSize, 'the tree block', (bytes) =>
    checksum.matches(bytes.subarray(CHECKSUM_FIELD), bytes.subarray(0, checksum.size)),
  );
  const bytes = new Uint8Array(view);
  const bad = (what: string): Error => image.corrupt('bad-node', `the tree block at address ${address} ${what}`);
  const s = new Struct(bytes);
  const level = s.get(HEADER.level);
  const count = s.get(HEADER.nritems);
  const rowSize = level === 0 ? LEAF_ITEM_SIZE : POINTER_SIZE;
  if (s.get(HEADER.bytenr) !== address) throw bad('belongs elsewhere');
  if (Buffer.compare(s.bytes(HEADER.fsid), metadataUuid) !== 0) throw bad('belongs to another file system');
  const generation = s.get(HEADER.generation);
  if (level > MAX_LEVEL || level !== place.level || generation !== place.generation) throw notReferred(image, place);
  if (HEADER_SIZE + count * rowSize > nodeSize) throw bad(`has ${count} items`);
  const node = {
    address,
    level,
    generation,
    count,
    objectids: new Float64Array(count),
    types: new Uint8Array(count),
    offsets: new Float64Array(count),
    bytes,
  };
  readKeys(node, rowSize);
  for (let i = 1; i < count; i++) if (compareAt(node, i - 1, keyAt(node, i)) >= 0) throw bad('has keys out of order');
  return node;
}

function readKeys({ bytes, count, objectids, types, offsets }: TreeNode, rowSize: number): void {
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    const at = HEADER_SIZE + i * rowSize;
    objectids[i] = joinKeyNumber(view.getUint32(at, true), view.getUint32(at + 4, true));
    types[i] = view.getUint8(at + 8);
    offsets[i] = joinKeyNumber(view.getUint32(at + 9, true), view.getUint32(at + 13, true));
  }
}

export function keyAt(node: TreeNode, index: number): Key {
  return {
    objectid: node.objectids[index] ?? 0,
    type: node.types[index] ?? 0,
    offset: node.offsets[index] ?? 0,
  };
}

/** The key at `index` before (negative), at (0) or behind `key`. */
export function compareAt(node: TreeNode, index: number, key: Key): number {
  return (
    (node.objectids[index] ?? 0) - key.objectid ||
    (node.types[index] ?? 0) - key.type ||
    (node.offsets[index] ?? 0) - key.offset
  );
}

/** Index of the last key that is not behind `key`, -1 if there is none. */
export function lastUpTo(node: TreeNode, key: Key): number {
  return partitionPoint(node.count, (i) => compareAt(node, i, key) <= 0) - 1;
}

/** The data of item `index` of a leaf, a view of the block. Throws `corrupt`. */
export function itemData(image: BtrfsImage, leaf: TreeNode, index: number): Uint8Array {
  const s = new Struct(leaf.bytes, HEADER_SIZE + index * LEAF_ITEM_SIZE);
  const start = HEADER_SIZE + s.get(LEAF_ITEM.offset);
  const end = start + s.get(LEAF_ITEM.size);
  if (start < HEADER_SIZE + leaf.count * LEAF_ITEM_SIZE || end > leaf.bytes.length) {
    throw image.corrupt('bad-node', `item ${index} of the tree block at address ${leaf.address} lies outside of it`);
  }
  return leaf.bytes.subarray(start, end);
}

/** Where block `index` below a block that is no leaf lies. */
export function childPlace(node: TreeNode, index: number): TreeRoot {
  const s = new Struct(node.bytes, HEADER_SIZE + index * POINTER_SIZE);
  return { address: s.get(POINTER.blockptr), level: node.level - 1, generation: s.get(POINTER.generation) };
}
