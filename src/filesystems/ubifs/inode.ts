/** The UBIFS inode node (kernel, ubifs-media.h: ubifs_ino_node); small contents (link targets, devices, attributes) lie in it. */
import { i64le, Struct, u32le, u64le } from '../../bytes/struct.ts';
import { parseDevice } from '../device-number.ts';
import type { NodeType, Timestamp } from '../file-system.ts';
import { typeOfMode } from '../type-of-mode.ts';
import type { UbifsImage } from './image.ts';
import type { UbifsNode } from './node.ts';

export const INODE = {
  size: u64le(48),
  atime_sec: i64le(56),
  ctime_sec: i64le(64),
  mtime_sec: i64le(72),
  atime_nsec: u32le(80),
  ctime_nsec: u32le(84),
  mtime_nsec: u32le(88),
  nlink: u32le(92),
  uid: u32le(96),
  gid: u32le(100),
  mode: u32le(104),
  flags: u32le(108),
  data_len: u32le(112),
} as const;
export const INODE_SIZE = 160;
const ENCRYPTED = 0x40;
const DEVICE = u32le(0);

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
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  readonly isEncrypted: boolean;
  /** What is stored in the node itself. */
  readonly data: Uint8Array;
  /** Byte offset in the source. */
  readonly offset: number;
}

/** Throws `corrupt`. */
export function parseInode(image: UbifsImage, number: number, { bytes, place }: UbifsNode): Inode {
  const bad = (what: string): Error => image.corrupt('bad-inode', `inode ${number} ${what}`, place);
  if (bytes.length < INODE_SIZE) throw bad('is cut off');
  const s = new Struct(bytes);
  const mode = s.get(INODE.mode);
  const type = typeOfMode(mode);
  if (!type) throw bad(`is of no type (mode ${mode.toString(8)})`);
  const length = s.get(INODE.data_len);
  if (INODE_SIZE + length > bytes.length) throw bad('has more data than there are');
  const data = bytes.subarray(INODE_SIZE, INODE_SIZE + length);
  const isDevice = type === 'character' || type === 'block';
  if (isDevice && length < 4) throw bad('has no device number');
  const time = (seconds: number, nanoseconds: number): Timestamp => ({
    seconds,
    nanoseconds: Math.min(nanoseconds, 999_999_999),
  });
  return {
    number,
    type,
    mode: mode & 0xfff,
    links: s.get(INODE.nlink),
    uid: s.get(INODE.uid),
    gid: s.get(INODE.gid),
    size: s.get(INODE.size),
    mtime: time(s.get(INODE.mtime_sec), s.get(INODE.mtime_nsec)),
    atime: time(s.get(INODE.atime_sec), s.get(INODE.atime_nsec)),
    ctime: time(s.get(INODE.ctime_sec), s.get(INODE.ctime_nsec)),
    device: isDevice ? parseDevice(new Struct(data).get(DEVICE)) : undefined,
    isEncrypted: (s.get(INODE.flags) & ENCRYPTED) !== 0,
    data,
    offset: place.leb * image.lebSize + place.offset,
  };
}
