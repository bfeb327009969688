/** The EROFS inode (erofs_fs.h): 32 bytes or 64, then attributes, then what its data layout needs. */
import { i64le, type NumberField, Struct, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import type { NodeId, NodeType, Timestamp } from '../file-system.ts';
import { typeOfMode } from '../type-of-mode.ts';
import type { ErofsImage } from './image.ts';

export const COMPACT = {
  i_format: u16le(0),
  i_xattr_icount: u16le(2),
  i_mode: u16le(4),
  i_nlink: u16le(6),
  i_size: u32le(8),
  i_u: u32le(16),
  i_ino: u32le(20),
  i_uid: u16le(24),
  i_gid: u16le(26),
} as const;
const COMPACT_SIZE = 32;

export const EXTENDED = {
  i_format: u16le(0),
  i_xattr_icount: u16le(2),
  i_mode: u16le(4),
  i_size: u64le(8),
  i_u: u32le(16),
  i_ino: u32le(20),
  i_uid: u32le(24),
  i_gid: u32le(28),
  i_mtime: i64le(32),
  i_mtime_nsec: u32le(40),
  i_nlink: u32le(44),
} as const;
const EXTENDED_SIZE = 64;

/** Data layouts: bits 1 to 3 of the format. */
export const LAYOUT = { plain: 0, compressedFull: 1, inline: 2, compressedCompact: 3, chunked: 4 } as const;
const KNOWN_FORMAT = 0xf;

const XATTR_HEADER = 12;

export interface Inode {
  readonly nid: NodeId;
  readonly type: NodeType;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: Timestamp;
  readonly layout: number;
  /** First block, device number or chunk format, as the layout says. */
  readonly union: number;
  /** Byte offset in the source. */
  readonly offset: number;
  /** Where the attributes begin, and their bytes. */
  readonly xattrs: number;
  readonly xattrBytes: number;
  /** Byte offset of what follows the attributes. */
  readonly tail: number;
}

/** Inode `nid`. Throws `corrupt` or `unsupported`. */
export function readInode(image: ErofsImage, nid: NodeId): Inode {
  const { inodes, time } = image.superblock;
  const offset = inodes + nid * COMPACT_SIZE;
  if (!Number.isSafeInteger(nid) || nid < 0 || offset + COMPACT_SIZE > image.source.size) {
    throw image.corrupt('bad-nid', `there is no inode ${nid}`, inodes);
  }
  const format = new Struct(image.read(offset, 2, 'an inode')).get(COMPACT.i_format);
  const isExtended = (format & 1) !== 0;
  const layout = (format >> 1) & 7;
  if (format & ~KNOWN_FORMAT || layout > LAYOUT.chunked) {
    const message = `inode ${nid} has the format 0x${format.toString(16)}, which is not known`;
    throw new ImageError('unsupported', 'erofs/inode-format', message, {
      location: { source: image.source.label, offset },
    });
  }
  const bytes = isExtended ? EXTENDED_SIZE : COMPACT_SIZE;
  const s = new Struct(image.read(offset, bytes, 'an inode'));
  const get = (name: keyof typeof COMPACT & keyof typeof EXTENDED): number =>
    s.get(isExtended ? EXTENDED[name] : (COMPACT[name] as NumberField));
  const mode = get('i_mode');
  const type = typeOfMode(mode);
  if (!type) throw image.corrupt('bad-inode', `inode ${nid} is of no type (mode ${mode.toString(8)})`, offset);
  const count = get('i_xattr_icount');
  const xattrBytes = count === 0 ? 0 : XATTR_HEADER + 4 * (count - 1);
  const xattrs = offset + bytes;
  return {
    nid,
    type,
    mode: mode & 0xfff,
    links: get('i_nlink'),
    uid: get('i_uid'),
    gid: get('i_gid'),
    size: get('i_size'),
    mtime: isExtended ? { seconds: s.get(EXTENDED.i_mtime), nanoseconds: nanoseconds(s) } : time,
    layout,
    union: get('i_u'),
    offset,
    xattrs,
    xattrBytes,
    tail: xattrs + xattrBytes,
  };
}

function nanoseconds(s: Struct): number {
  return Math.min(s.get(EXTENDED.i_mtime_nsec), 999_999_999);
}
