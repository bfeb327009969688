/**
 * Writes UBIFS nodes as the kernel does while it runs (fs/ubifs/ubifs-media.h): no tool leaves a journal, or attributes, in an
 * image. Each with a header, a CRC, and a sequence number that goes on from the highest one of the image.
 */
import { crc32 } from '../../../src/bytes/checksums/crc32.ts';
import { patchField, Struct } from '../../../src/bytes/struct.ts';
import { ENTRY } from '../../../src/filesystems/ubifs/entry.ts';
import { INODE, INODE_SIZE } from '../../../src/filesystems/ubifs/inode.ts';
import { REFERENCE } from '../../../src/filesystems/ubifs/journal.ts';
import { hashName, KEY_TYPE, type Key, makeKey } from '../../../src/filesystems/ubifs/key.ts';
import { MASTER } from '../../../src/filesystems/ubifs/master.ts';
import { alignNode, HEADER, NODE, parseNode } from '../../../src/filesystems/ubifs/node.ts';
import { TRUNCATION } from '../../../src/filesystems/ubifs/overlay.ts';
import { SUPERBLOCK } from '../../../src/filesystems/ubifs/superblock.ts';
import type { SparseImage } from '../sparse-image.ts';

const MAGIC = 0x0610_1831;
let sequence = 1_000_000;

/** Magic, length, type, sequence number and CRC of a node of `bytes`. */
export function seal(bytes: Uint8Array, type: number, number = ++sequence): Uint8Array {
  patchField(bytes, 0, HEADER.magic, MAGIC);
  patchField(bytes, 0, HEADER.sqnum, number);
  patchField(bytes, 0, HEADER.len, bytes.length);
  patchField(bytes, 0, HEADER.node_type, type);
  patchField(bytes, 0, HEADER.crc, ~crc32(bytes.subarray(8)) >>> 0);
  return bytes;
}

function withKey(size: number, { inode, word }: Key): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(24, inode, true);
  view.setUint32(28, word, true);
  return bytes;
}

export function inodeNode(
  number: number,
  {
    mode = 0o100644,
    size = 0,
    links = 1,
    flags = 0,
    data = '',
  }: Partial<Record<'mode' | 'size' | 'links' | 'flags', number>> & { data?: string },
): Uint8Array {
  const content = Buffer.from(data);
  const bytes = withKey(INODE_SIZE + content.length, makeKey(number, KEY_TYPE.inode));
  patchField(bytes, 0, INODE.mode, mode);
  patchField(bytes, 0, INODE.size, size);
  patchField(bytes, 0, INODE.nlink, links);
  patchField(bytes, 0, INODE.flags, flags);
  patchField(bytes, 0, INODE.data_len, content.length);
  bytes.set(content, INODE_SIZE);
  return seal(bytes, NODE.inode);
}

/** `inode` 0 says that the name is gone. */
export function entryNode(
  parent: number,
  name: string,
  inode: number,
  type = 0,
  kind: 'entry' | 'xattr' = 'entry',
): Uint8Array {
  const content = Buffer.from(name);
  const bytes = withKey(56 + content.length + 1, makeKey(parent, KEY_TYPE[kind], hashName(0, content)));
  patchField(bytes, 0, ENTRY.inum, inode);
  patchField(bytes, 0, ENTRY.type, type);
  patchField(bytes, 0, ENTRY.nlen, content.length);
  bytes.set(content, 56);
  return seal(bytes, kind === 'entry' ? NODE.entry : NODE.xattrEntry);
}

export function dataNode(inode: number, block: number, text: string): Uint8Array {
  const content = Buffer.from(text);
  const bytes = withKey(48 + content.length, makeKey(inode, KEY_TYPE.data, block));
  new DataView(bytes.buffer).setUint32(40, content.length, true);
  bytes.set(content, 48);
  return seal(bytes, NODE.data);
}

export function truncationNode(inode: number, size: number): Uint8Array {
  const bytes = new Uint8Array(56);
  patchField(bytes, 0, TRUNCATION.inum, inode);
  patchField(bytes, 0, TRUNCATION.new_size, size);
  return seal(bytes, NODE.truncation);
}

/** What `journal` adds to an image. */
export interface Journal {
  readonly nodes: readonly Uint8Array[];
  /** Bytes behind the last node. */
  readonly rest?: Uint8Array;
}

/**
 * The image with one LEB more, which the log names as a bud: its bytes are the nodes, aligned, and nothing behind them. Returns the
 * whole image, since it grows.
 */
export function withJournal(image: SparseImage, { nodes, rest = new Uint8Array() }: Journal): Uint8Array {
  const superblock = Uint8Array.from(image.read(0, 4096));
  const s = new Struct(superblock);
  const lebSize = s.get(SUPERBLOCK.leb_size);
  const bud = image.size / lebSize;
  const bytes = new Uint8Array(image.size + lebSize).fill(0xff);
  bytes.set(image.read(0, image.size));
  patchField(superblock, 0, SUPERBLOCK.leb_cnt, bud + 1);
  bytes.set(seal(superblock, NODE.superblock, s.get(HEADER.sqnum)));
  let at = bud * lebSize;
  for (const node of nodes) {
    bytes.set(node, at);
    bytes.fill(0xce, at + node.length, alignNode(at + node.length));
    at = alignNode(at + node.length);
  }
  bytes.set(rest, at);
  const master = new Struct(bytes, lebSize);
  const log = master.get(MASTER.log_lnum) * lebSize;
  let end = log;
  for (;;) {
    const node = parseNode(bytes.subarray(end, log + lebSize), { leb: 0, offset: 0, length: 0 });
    if (!node) break;
    const padding = node.type === NODE.padding ? new Struct(node.bytes).get({ offset: 24, type: 'u32le' }) : 0;
    end = alignNode(end + node.bytes.length + padding);
  }
  const reference = new Uint8Array(64);
  patchField(reference, 0, REFERENCE.lnum, bud);
  bytes.set(seal(reference, NODE.reference), end);
  return bytes;
}
