/**
 * Extended attributes (kernel docs, filesystems/ext4: "Extended Attributes"): behind the fields of the inode, in one block that
 * inodes may share, and (ea_inode) with values in inodes of their own.
 */

import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { limitExceeded } from '../../limits.ts';
import type { BlockReader } from './block-reader.ts';
import { crc32cWithHole, wordBytes } from './checksums.ts';
import type { Inode } from './inode.ts';
import { ACL_NAMES, parseAcl } from './posix-acl.ts';

export const ATTRIBUTE_BLOCK = {
  h_magic: u32le(0),
  h_blocks: u32le(8),
  h_checksum: u32le(16),
} as const;
const BLOCK_HEADER = 32;

export const ATTRIBUTE = {
  e_name_len: u8(0),
  e_name_index: u8(1),
  e_value_offs: u16le(2),
  e_value_inum: u32le(4),
  e_value_size: u32le(8),
} as const;
const ENTRY_HEADER = 16;
export const ATTRIBUTE_MAGIC = 0xea02_0000;

/** `e_name_index` to the prefix it stands for. 2, 3 and 8 stand for the whole name. */
const PREFIXES: Readonly<Record<number, string>> = {
  0: '',
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  6: 'security.',
  7: 'system.',
  8: 'system.richacl',
  10: 'gnu.',
};
const SYSTEM = 7;
/** The encryption context, which the kernel shows to nobody. */
const ENCRYPTION = 9;
/** Where inline data lies; not an attribute for anyone else. */
const INLINE_DATA = 'data';

/** An attribute as it is stored. */
interface StoredAttribute {
  readonly index: number;
  readonly name: string;
  readonly size: number;
  /** The value, a view; undefined if it lies in the inode `valueInode`. */
  readonly value: Uint8Array | undefined;
  readonly valueInode: number;
}

/** Reads the value of an attribute that has an inode of its own. */
export type ValueReader = (valueInode: number, size: number, owner: Inode) => Uint8Array;

/** All attributes that listxattr would show, as getxattr would give their values. Throws `corrupt` or `limit`. */
export function readAttributes(blocks: BlockReader, inode: Inode, readValue: ValueReader): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  let total = 0;
  const add = (attribute: StoredAttribute): void => {
    const { index, name, size, value, valueInode } = attribute;
    if (index === ENCRYPTION || (index === SYSTEM && name === INLINE_DATA)) return;
    const prefix = PREFIXES[index];
    if (prefix === undefined) throw corrupt(blocks, inode, `the name prefix ${index} does not exist`);
    const full = prefix + name;
    // The kernel looks into the inode first.
    if (found.has(full)) return;
    total += size + name.length;
    if (total > blocks.limits.xattrBytes) {
      const what = `the extended attributes of inode ${inode.number}`;
      throw limitExceeded('xattrBytes', blocks.limits, what, { source: blocks.source.label, offset: inode.offset });
    }
    const bytes = value ? Uint8Array.from(value) : readValue(valueInode, size, inode);
    found.set(full, ACL_NAMES.has(full) ? aclValue(blocks, inode, bytes) : bytes);
  };
  for (const attribute of parseInodeAttributes(blocks, inode)) add(attribute);
  if (inode.attributeBlock !== 0) for (const attribute of readBlockAttributes(blocks, inode)) add(attribute);
  return found;
}

/** The part of inline data that is kept as an attribute. */
export function readInlineAttribute(blocks: BlockReader, inode: Inode): Uint8Array | undefined {
  const isData = ({ index, name }: StoredAttribute): boolean => index === SYSTEM && name === INLINE_DATA;
  const value = parseInodeAttributes(blocks, inode).find(isData)?.value;
  return value && Uint8Array.from(value);
}

function parseInodeAttributes(blocks: BlockReader, inode: Inode): StoredAttribute[] {
  const area = inode.tail;
  if (area.length < 4 || new Struct(area).get(u32le(0)) !== ATTRIBUTE_MAGIC) return [];
  return parseEntries(blocks, inode, area.subarray(4), 0);
}

function readBlockAttributes(blocks: BlockReader, inode: Inode): StoredAttribute[] {
  const number = inode.attributeBlock;
  // A copy: values in other inodes are read while this one is walked.
  const block = new Uint8Array(blocks.read(number, `the attributes of inode ${inode.number}`));
  const header = new Struct(block);
  if (header.get(ATTRIBUTE_BLOCK.h_magic) !== ATTRIBUTE_MAGIC || header.get(ATTRIBUTE_BLOCK.h_blocks) !== 1) {
    throw corrupt(blocks, inode, `block ${number} is not a block of attributes`);
  }
  const seed = blocks.superblock.checksumSeed;
  if (seed !== undefined) {
    const start = updateCrc32c(seed, wordBytes(number % 0x1_0000_0000, Math.floor(number / 0x1_0000_0000)));
    const sum = crc32cWithHole(start, block, ATTRIBUTE_BLOCK.h_checksum.offset, 4);
    if (sum !== header.get(ATTRIBUTE_BLOCK.h_checksum)) {
      throw corrupt(blocks, inode, `block ${number} has a wrong checksum`);
    }
  }
  return parseEntries(blocks, inode, block, BLOCK_HEADER);
}

/** Entries from `start` up to four zero bytes or the end; values lie at offsets from the begin of `area`. */
function parseEntries(blocks: BlockReader, inode: Inode, area: Uint8Array, start: number): StoredAttribute[] {
  const found: StoredAttribute[] = [];
  const s = new Struct(area);
  let at = start;
  while (at + 4 <= area.length && s.get(u32le(at)) !== 0) {
    if (at + ENTRY_HEADER > area.length) throw corrupt(blocks, inode, 'the last entry is cut off');
    const entry = s.at(at);
    const nameEnd = at + ENTRY_HEADER + entry.get(ATTRIBUTE.e_name_len);
    if (nameEnd > area.length) throw corrupt(blocks, inode, 'a name goes beyond the end');
    const name = decodeBytes(area.subarray(at + ENTRY_HEADER, nameEnd));
    if (name.includes('\0')) throw corrupt(blocks, inode, 'a name has a NUL in it');
    const size = entry.get(ATTRIBUTE.e_value_size);
    const valueInode = entry.get(ATTRIBUTE.e_value_inum);
    const offset = entry.get(ATTRIBUTE.e_value_offs);
    if (valueInode === 0 && size > 0 && offset + size > area.length)
      throw corrupt(blocks, inode, 'a value goes beyond the end');
    const value = valueInode === 0 ? area.subarray(offset, offset + size) : undefined;
    found.push({ index: entry.get(ATTRIBUTE.e_name_index), name, size, value, valueInode });
    at = (nameEnd + 3) & ~3;
  }
  return found;
}

function aclValue(blocks: BlockReader, inode: Inode, stored: Uint8Array): Uint8Array {
  const acl = parseAcl(stored);
  if (!acl) throw corrupt(blocks, inode, 'an access control list is not one');
  return acl;
}

function corrupt(blocks: BlockReader, inode: Inode, what: string): Error {
  return blocks.corrupt('bad-attributes', `the extended attributes of inode ${inode.number}: ${what}`, inode.offset);
}
