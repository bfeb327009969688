/**
 * UBIFS nodes (kernel, fs/ubifs/ubifs-media.h): everything is stored as nodes, each with a common header and a CRC-32 that is
 * the bare register, without the inversion at the end. A node lies within one logical erase block (LEB).
 */
import { crc32 } from '../../bytes/checksums/crc32.ts';
import { Struct, u8, u32le, u64le } from '../../bytes/struct.ts';
import type { UbifsImage } from './image.ts';
import { NODE_TYPE_OFFSET } from './magic.ts';

export const HEADER = {
  magic: u32le(0),
  crc: u32le(4),
  sqnum: u64le(8),
  len: u32le(16),
  node_type: u8(NODE_TYPE_OFFSET),
} as const;
export const HEADER_SIZE = 24;
const MAGIC = 0x0610_1831;
/** What the CRC covers begins here. */
const CRC_START = 8;

export const NODE = {
  inode: 0,
  data: 1,
  entry: 2,
  xattrEntry: 3,
  truncation: 4,
  padding: 5,
  superblock: 6,
  master: 7,
  reference: 8,
  index: 9,
  commitStart: 10,
  orphans: 11,
  authentication: 12,
  signature: 13,
} as const;
const ALIGNMENT = 8;

/** Where a node lies. */
export interface NodePlace {
  readonly leb: number;
  readonly offset: number;
  readonly length: number;
}

export interface UbifsNode {
  readonly type: number;
  readonly sequence: number;
  /** The whole node. */
  readonly bytes: Uint8Array;
  readonly place: NodePlace;
}

/** The node at `place`, of one of `types`, as memory of its own. Throws `corrupt`. */
export function readNode(image: UbifsImage, place: NodePlace, type: number): UbifsNode {
  const node = viewNode(image, place, type);
  return { ...node, bytes: Uint8Array.from(node.bytes) };
}

/** The same as a view, valid until the next read. */
export function viewNode(image: UbifsImage, place: NodePlace, type: number): UbifsNode {
  const { leb, offset, length } = place;
  const { lebSize } = image;
  const bad = (what: string): Error => image.corrupt('bad-node', `the node at LEB ${leb}:${offset} ${what}`, place);
  if (length < HEADER_SIZE || offset + length > lebSize || (leb + 1) * lebSize > image.source.size) {
    throw bad(`of ${length} bytes lies outside of the image`);
  }
  const node = parseNode(image.source.read(leb * lebSize + offset, length), place);
  if (!node) throw bad('is none, or has a wrong checksum');
  if (node.bytes.length !== length) throw bad(`has ${node.bytes.length} bytes, not ${length}`);
  if (node.type !== type) throw bad(`is of type ${node.type}`);
  return node;
}

/** The node that `bytes` begin with, undefined if there is none with a right CRC. */
export function parseNode(bytes: Uint8Array, place: NodePlace): UbifsNode | undefined {
  if (bytes.length < HEADER_SIZE) return undefined;
  const s = new Struct(bytes);
  const length = s.get(HEADER.len);
  if (s.get(HEADER.magic) !== MAGIC || length < HEADER_SIZE || length > bytes.length) return undefined;
  const whole = bytes.subarray(0, length);
  if (~crc32(whole.subarray(CRC_START)) >>> 0 !== s.get(HEADER.crc)) return undefined;
  return { type: s.get(HEADER.node_type), sequence: s.get(HEADER.sqnum), bytes: whole, place: { ...place, length } };
}

/** Where the next node may begin behind `end`. */
export function alignNode(end: number): number {
  return Math.ceil(end / ALIGNMENT) * ALIGNMENT;
}
