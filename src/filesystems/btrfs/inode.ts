/** The btrfs inode (kernel, btrfs_tree.h: btrfs_inode_item). */
import { i64le, Struct, u32le, u64le } from '../../bytes/struct.ts';
import type { NodeType, Timestamp } from '../file-system.ts';
import { typeOfMode } from '../type-of-mode.ts';
import type { BtrfsImage } from './image.ts';
import { ITEM } from './key.ts';
import type { Tree } from './tree.ts';

export const INODE = {
  size: u64le(16),
  nlink: u32le(40),
  uid: u32le(44),
  gid: u32le(48),
  mode: u32le(52),
  rdev: u64le(56),
  flags: u32le(64),
} as const;
const INODE_SIZE = 160;
const TIMES = { atime: 112, ctime: 124, mtime: 136, otime: 148 } as const;
const TIME = { sec: i64le(0), nsec: u32le(8) } as const;
const NODATASUM = 0x1;
/** The kernel's own packing of device numbers: 20 bits of minor below the major. */
const MINOR_BITS = 20;

export interface Inode {
  readonly number: number;
  readonly type: NodeType;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: Timestamp;
  readonly atime: Timestamp;
  readonly ctime: Timestamp;
  readonly crtime: Timestamp;
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  /** False if its data have no checksums. */
  readonly hasChecksums: boolean;
}

/** Throws `corrupt`, also if there is no such inode. */
export function readInode(image: BtrfsImage, tree: Tree, number: number): Inode {
  const item = tree.find({ objectid: number, type: ITEM.inode, offset: 0 });
  if (!item) throw image.corrupt('no-inode', `there is no inode ${number}`);
  if (item.data.length < INODE_SIZE) throw image.corrupt('bad-inode', `inode ${number} is cut off`);
  const s = new Struct(item.data);
  const mode = s.get(INODE.mode);
  const type = typeOfMode(mode);
  if (!type) throw image.corrupt('bad-inode', `inode ${number} is of no type (mode ${mode.toString(8)})`);
  const isDevice = type === 'character' || type === 'block';
  const rdev = isDevice ? s.get(INODE.rdev) : 0;
  const time = (at: number): Timestamp => {
    const t = s.at(at);
    return { seconds: t.get(TIME.sec), nanoseconds: Math.min(t.get(TIME.nsec), 999_999_999) };
  };
  return {
    number,
    type,
    mode: mode & 0xfff,
    links: s.get(INODE.nlink),
    uid: s.get(INODE.uid),
    gid: s.get(INODE.gid),
    size: s.get(INODE.size),
    mtime: time(TIMES.mtime),
    atime: time(TIMES.atime),
    ctime: time(TIMES.ctime),
    crtime: time(TIMES.otime),
    device: isDevice ? { major: Math.floor(rdev / 2 ** MINOR_BITS), minor: rdev % 2 ** MINOR_BITS } : undefined,
    hasChecksums: (s.get(INODE.flags) & NODATASUM) === 0,
  };
}
