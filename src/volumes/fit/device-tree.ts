/**
 * Flattened device trees (Devicetree Specification 0.4, chapter 5), version 16 and 17, as a tree of nodes whose property values stay
 * where they lie: in a FIT image they are whole kernels. The memory reservations are not read.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u32be } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const fdtHeader = {
  magic: u32be(0),
  totalsize: u32be(4),
  off_dt_struct: u32be(8),
  off_dt_strings: u32be(12),
  last_comp_version: u32be(24),
  size_dt_strings: u32be(32),
  size_dt_struct: u32be(36),
} as const;

export const FDT_MAGIC = 0xd00d_feed;
const HEADER_BYTES = 40;
const COMPATIBLE_VERSION = 16;
const BEGIN_NODE = 1;
const END_NODE = 2;
const PROP = 3;
const NOP = 4;
const END = 9;
/** The specification allows 31 characters, and an address behind an `@`. */
const MAX_NAME = 256;
const MAX_DEPTH = 64;
const MAX_NODES = 100_000;

export interface DeviceNode {
  readonly name: string;
  /** By name: where its value lies in the source. */
  readonly properties: Map<string, ByteSource>;
  readonly children: DeviceNode[];
}

export interface DeviceTree {
  readonly root: DeviceNode;
  /** Bytes of the tree; what FIT keeps outside of it follows. */
  readonly size: number;
}

/** Reads the structure, not the values; ImageError `corrupt` or `truncated` if it breaks off or leaves its blocks. */
export function readDeviceTree(source: ByteSource): DeviceTree {
  const header = new Struct(Uint8Array.from(source.read(0, HEADER_BYTES)));
  const corrupt = (what: string, offset = 0): ImageError =>
    new ImageError('corrupt', 'fit/bad-tree', what, { location: { source: source.label, offset } });
  if (header.get(fdtHeader.magic) !== FDT_MAGIC) throw corrupt('there is no device tree');
  if (header.get(fdtHeader.last_comp_version) > COMPATIBLE_VERSION) {
    throw new ImageError('unsupported', 'fit/version', 'the device tree has a newer version than is read', {
      location: { source: source.label, offset: 0 },
    });
  }
  const size = header.get(fdtHeader.totalsize);
  const start = header.get(fdtHeader.off_dt_struct);
  const end = start + header.get(fdtHeader.size_dt_struct);
  const stringsAt = header.get(fdtHeader.off_dt_strings);
  const stringsBytes = header.get(fdtHeader.size_dt_strings);
  if (end > size || stringsAt + stringsBytes > size) throw corrupt('its blocks do not lie in it');
  const strings = source.slice(stringsAt, stringsBytes);
  const structure = source.slice(0, end);
  const root: DeviceNode = { name: '', properties: new Map(), children: [] };
  const open: DeviceNode[] = [];
  let nodes = 0;
  let at = start;
  const next = (): number => {
    const value = new Struct(structure.read(at, 4)).get(u32be(0));
    at += 4;
    return value;
  };
  for (;;) {
    const token = next();
    const parent = open.at(-1);
    if (++nodes > MAX_NODES) throw corrupt(`more than ${MAX_NODES} nodes and properties`, at);
    if (token === BEGIN_NODE) {
      const name = readName(structure, at);
      at = align(at + Buffer.byteLength(name) + 1);
      if (nodes > 1 && !parent) throw corrupt('a second root', at);
      if (open.length >= MAX_DEPTH) throw corrupt(`more than ${MAX_DEPTH} nodes inside each other`, at);
      const node: DeviceNode = parent ? { name, properties: new Map(), children: [] } : root;
      parent?.children.push(node);
      open.push(node);
    } else if (token === END_NODE && parent) open.pop();
    else if (token === PROP && parent) {
      const length = next();
      const name = readName(strings, next());
      parent.properties.set(name, structure.slice(at, length));
      at = align(at + length);
    } else if (token === END && open.length === 0) return { root, size };
    else if (token !== NOP) throw corrupt(`the token ${token} makes no sense here`, at - 4);
    else nodes -= 1;
  }
}

function readName(source: ByteSource, at: number): string {
  const bytes = source.read(at, Math.max(0, Math.min(MAX_NAME, source.size - at)));
  const end = bytes.indexOf(0);
  if (end >= 0) return decodeBytes(bytes.subarray(0, end));
  throw new ImageError('corrupt', 'fit/bad-tree', 'a name does not end', {
    location: { source: source.label, offset: at },
  });
}

/** Everything begins at a multiple of four. */
function align(at: number): number {
  return Math.ceil(at / 4) * 4;
}
