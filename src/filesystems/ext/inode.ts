/**
 * The inode (kernel docs, filesystems/ext4: "Index Nodes"): 128 bytes of ext2, and what i_extra_isize says of the rest.
 * Fields are decoded when asked for; `parseStat` is the whole of it.
 */
import { i32le, type NumberField, raw, type Struct, safeInteger, u16le, u32le } from '../../bytes/struct.ts';
import type { NodeType, Stat, Timestamp } from '../file-system.ts';
import { hasIncompat, type Superblock } from './superblock.ts';

export const INODE = {
  i_mode: u16le(0x0),
  i_uid: u16le(0x2),
  i_size_lo: u32le(0x4),
  i_atime: i32le(0x8),
  i_ctime: i32le(0xc),
  i_mtime: i32le(0x10),
  i_gid: u16le(0x18),
  i_links_count: u16le(0x1a),
  i_flags: u32le(0x20),
  i_block: raw(0x28, 60),
  i_generation: u32le(0x64),
  i_file_acl_lo: u32le(0x68),
  i_size_high: u32le(0x6c),
  l_i_file_acl_high: u16le(0x76),
  l_i_uid_high: u16le(0x78),
  l_i_gid_high: u16le(0x7a),
  l_i_checksum_lo: u16le(0x7c),
  i_extra_isize: u16le(0x80),
  i_checksum_hi: u16le(0x82),
  i_ctime_extra: u32le(0x84),
  i_mtime_extra: u32le(0x88),
  i_atime_extra: u32le(0x8c),
  i_crtime: i32le(0x90),
  i_crtime_extra: u32le(0x94),
} as const;

/** Where the old inode ends and the counted part begins. */
export const OLD_INODE_SIZE = 128;

export const INODE_FLAG = {
  ENCRYPT: 0x800,
  INDEX: 0x1000,
  EXTENTS: 0x8_0000,
  EA_INODE: 0x20_0000,
  INLINE_DATA: 0x1000_0000,
  CASEFOLD: 0x4000_0000,
} as const;

export class Inode {
  readonly number: number;
  readonly type: NodeType;
  /** Byte offset in the source. */
  readonly offset: number;
  readonly fields: Struct;
  readonly superblock: Superblock;
  readonly flags: number;

  constructor(number: number, type: NodeType, offset: number, fields: Struct, superblock: Superblock) {
    this.number = number;
    this.type = type;
    this.offset = offset;
    this.fields = fields;
    this.superblock = superblock;
    this.flags = fields.get(INODE.i_flags);
  }

  has(flag: keyof typeof INODE_FLAG): boolean {
    return (this.flags & INODE_FLAG[flag]) !== 0;
  }

  /** Bytes of the inode that are in use by fields. */
  get fieldsEnd(): number {
    return endOfFields(this.fields, this.superblock);
  }

  get generation(): number {
    return this.fields.get(INODE.i_generation);
  }

  /** Bytes of content. Only files, and directories under large_dir, have the high half. */
  get size(): number {
    const low = this.fields.get(INODE.i_size_lo);
    const isWide = this.type === 'file' || (this.type === 'directory' && hasIncompat(this.superblock, 'large_dir'));
    return isWide ? safeInteger(low, this.fields.get(INODE.i_size_high)) : low;
  }

  /** The 60 bytes that hold block pointers, the root of an extent tree, a short link target or inline data. */
  get block(): Uint8Array {
    return this.fields.bytes(INODE.i_block);
  }

  /** Block of extended attributes, 0 if none. */
  get attributeBlock(): number {
    const low = this.fields.get(INODE.i_file_acl_lo);
    return hasIncompat(this.superblock, '64bit') ? safeInteger(low, this.fields.get(INODE.l_i_file_acl_high)) : low;
  }

  /** The bytes between the fields and the end of the inode: attributes, if they begin with their magic. */
  get tail(): Uint8Array {
    return this.fields.bytes(raw(this.fieldsEnd, this.superblock.inodeSize - this.fieldsEnd));
  }
}

function endOfFields(fields: Struct, { inodeSize }: Superblock): number {
  if (inodeSize <= OLD_INODE_SIZE) return OLD_INODE_SIZE;
  const end = OLD_INODE_SIZE + fields.get(INODE.i_extra_isize);
  // The kernel refuses such an inode; its own fields are sound, so only the part that cannot be is dropped.
  return end > inodeSize || end % 4 !== 0 ? OLD_INODE_SIZE : end;
}

export function parseStat(inode: Inode): Stat {
  const { fields, type, fieldsEnd } = inode;
  const isDevice = type === 'character' || type === 'block';
  const stat: Mutable<Stat> = {
    node: inode.number,
    type,
    mode: fields.get(INODE.i_mode) & 0xfff,
    uid: fields.get(INODE.i_uid) + fields.get(INODE.l_i_uid_high) * 0x1_0000,
    gid: fields.get(INODE.i_gid) + fields.get(INODE.l_i_gid_high) * 0x1_0000,
    size: isDevice ? 0 : inode.size,
    links: fields.get(INODE.i_links_count),
    mtime: timestamp(fields, fieldsEnd, INODE.i_mtime, INODE.i_mtime_extra),
    atime: timestamp(fields, fieldsEnd, INODE.i_atime, INODE.i_atime_extra),
    ctime: timestamp(fields, fieldsEnd, INODE.i_ctime, INODE.i_ctime_extra),
    offset: inode.offset,
  };
  if (isDevice) stat.device = parseDevice(inode.block);
  if (fieldsEnd >= INODE.i_crtime.offset + 4) {
    stat.crtime = timestamp(fields, fieldsEnd, INODE.i_crtime, INODE.i_crtime_extra);
  }
  return stat;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Signed seconds; the extra word adds two high bits (to 2446) and 30 bits of nanoseconds. */
function timestamp(fields: Struct, end: number, seconds: NumberField, extra: NumberField): Timestamp {
  const base = fields.get(seconds);
  if (end < extra.offset + 4) return { seconds: base, nanoseconds: 0 };
  const word = fields.get(extra);
  return { seconds: base + (word & 3) * 0x1_0000_0000, nanoseconds: Math.min(word >>> 2, 999_999_999) };
}

/** The first word holds the old 8:8 encoding, or is 0 and the second holds the new 12:20 one. */
function parseDevice(block: Uint8Array): { readonly major: number; readonly minor: number } {
  const view = new DataView(block.buffer, block.byteOffset, 8);
  const old = view.getUint32(0, true);
  if (old !== 0) return { major: (old >>> 8) & 0xff, minor: old & 0xff };
  const value = view.getUint32(4, true);
  return { major: (value >>> 8) & 0xfff, minor: (value & 0xff) | ((value >>> 12) & 0xf_ff00) };
}
