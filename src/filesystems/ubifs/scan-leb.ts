/** The nodes of one LEB in the order they were written: the log, the journal and the master nodes are read so. */
import { Struct, u32le } from '../../bytes/struct.ts';
import type { UbifsImage } from './image.ts';
import { alignNode, HEADER_SIZE, NODE, parseNode, type UbifsNode } from './node.ts';

/** Of a padding node: bytes that follow it and belong to it. */
const PADDING_LENGTH = u32le(HEADER_SIZE);
const PADDING_NODE_SIZE = 28;
/** What fills a gap too short for a padding node. */
const PADDING_BYTE = 0xce;
const ERASED = 0xff;

export interface ScannedLeb {
  readonly nodes: readonly UbifsNode[];
  /** Byte offset at which nothing more was read. */
  readonly end: number;
  /** `torn`: something follows that is no whole node, and then nothing. `damaged`: other nodes may follow it. */
  readonly rest: 'empty' | 'torn' | 'damaged';
}

/** All nodes from `offset` of a LEB on. Never throws for what the bytes say; `corrupt` for a LEB that is not there. */
export function scanLeb(image: UbifsImage, leb: number, offset: number, unit: number): ScannedLeb {
  const { lebSize, source } = image;
  if (offset > lebSize || (leb + 1) * lebSize > source.size) {
    throw image.corrupt('bad-place', `LEB ${leb}:${offset} lies outside of the image`);
  }
  const bytes = Uint8Array.from(source.read(leb * lebSize, lebSize));
  const nodes: UbifsNode[] = [];
  let at = offset;
  while (at < lebSize) {
    if (bytes[at] === PADDING_BYTE) {
      at++;
      continue;
    }
    const node = parseNode(bytes.subarray(at), { leb, offset: at, length: 0 });
    if (!node) break;
    const isPadding = node.type === NODE.padding && node.bytes.length >= PADDING_NODE_SIZE;
    const padding = isPadding ? new Struct(node.bytes).get(PADDING_LENGTH) : 0;
    if (!isPadding) nodes.push(node);
    at = alignNode(at + node.bytes.length + padding);
  }
  return { nodes, end: at, rest: describeRest(bytes, at, unit) };
}

/** A write that was cut off spoils no more than the unit of I/O it was part of. */
function describeRest(bytes: Uint8Array, at: number, unit: number): ScannedLeb['rest'] {
  const isErased = (from: number): boolean => bytes.subarray(from).every((byte) => byte === ERASED);
  if (isErased(at)) return 'empty';
  return isErased(Math.ceil((at + 1) / unit) * unit) ? 'torn' : 'damaged';
}
