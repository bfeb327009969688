/** Inodes as they are stored (kernel, squashfs_fs.h), by inode type: a common head, then what the type needs. */
import { u16le, u32le, u64le } from '../../bytes/struct.ts';
import type { NodeType } from '../file-system.ts';

export const INODE = {
  inode_type: u16le(0),
  mode: u16le(2),
  uid: u16le(4),
  guid: u16le(6),
  mtime: u32le(8),
  inode_number: u32le(12),
} as const;
export const INODE_HEAD = 16;

/** Of each type, from the end of the head on; `size` is up to where lists, names and targets begin. */
export const DIR = {
  start_block: u32le(0),
  nlink: u32le(4),
  file_size: u16le(8),
  offset: u16le(10),
  parent_inode: u32le(12),
} as const;
export const DIR_SIZE = 16;

export const LDIR = {
  nlink: u32le(0),
  file_size: u32le(4),
  start_block: u32le(8),
  parent_inode: u32le(12),
  i_count: u16le(16),
  offset: u16le(18),
  xattr: u32le(20),
} as const;
export const LDIR_SIZE = 24;

export const REG = {
  start_block: u32le(0),
  fragment: u32le(4),
  offset: u32le(8),
  file_size: u32le(12),
} as const;
export const REG_SIZE = 16;

export const LREG = {
  start_block: u64le(0),
  file_size: u64le(8),
  sparse: u64le(16),
  nlink: u32le(24),
  fragment: u32le(28),
  offset: u32le(32),
  xattr: u32le(36),
} as const;
export const LREG_SIZE = 40;

/** The target follows, and in the extended inode a 32-bit xattr index behind it. */
export const SYMLINK = { nlink: u32le(0), symlink_size: u32le(4) } as const;
export const SYMLINK_SIZE = 8;

export const DEV = { nlink: u32le(0), rdev: u32le(4), xattr: u32le(8) } as const;
export const DEV_SIZE = 8;

export const IPC = { nlink: u32le(0), xattr: u32le(4) } as const;
export const IPC_SIZE = 4;

/** The last field of the extended device, fifo and socket inodes. */
export const XATTR_SIZE = 4;

/** Types 1 to 7; the extended ones are these plus 7. */
export const BASIC_TYPES: Readonly<Record<number, NodeType>> = {
  1: 'directory',
  2: 'file',
  3: 'symlink',
  4: 'block',
  5: 'character',
  6: 'fifo',
  7: 'socket',
};
export const EXTENDED = 7;
