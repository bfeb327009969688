/**
 * Keys of btrfs items: (objectid, type, offset), all trees are ordered by them. Numbers of the file system's own objects count
 * down from 2^64; those are kept as if they counted down from 2^53, so that every key is exact and keeps its order.
 */
import type { Struct } from '../../bytes/struct.ts';
import { raw, u8, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export interface Key {
  readonly objectid: number;
  readonly type: number;
  readonly offset: number;
}

export const KEY_SIZE = 17;
export const KEY = { objectid: raw(0, 8), type: u8(8), offset: raw(9, 8) } as const;

export const ITEM = {
  inode: 1,
  xattr: 24,
  dirItem: 84,
  dirIndex: 96,
  extentData: 108,
  extentCsum: 128,
  root: 132,
  rootRef: 156,
  chunk: 228,
} as const;

/** Numbers from 2^64 down that exist. */
const TOP_NUMBERS = 0x1_0000;
const MAX = Number.MAX_SAFE_INTEGER;
export const MAX_KEY_NUMBER = MAX;

/** The number the kernel writes as -n. */
export function fromTop(n: number): number {
  return MAX - n + 1;
}

export function readKey(s: Struct): Key {
  const at = s.base;
  return { objectid: keyNumber(s, 0), type: s.at(at).get(KEY.type), offset: keyNumber(s, 9) };
}

/** The 64-bit number at `offset` of the structure. Throws `corrupt` for one that no key holds. */
function keyNumber(s: Struct, offset: number): number {
  return joinKeyNumber(s.get(u32le(offset)), s.get(u32le(offset + 4)));
}

/** A number of a key from its halves. Throws `corrupt`. */
export function joinKeyNumber(low: number, high: number): number {
  if (high <= 0x1f_ffff) {
    const value = high * 0x1_0000_0000 + low;
    if (value <= MAX - TOP_NUMBERS) return value;
  } else if (high === 0xffff_ffff && low >= 0x1_0000_0000 - TOP_NUMBERS) {
    return MAX - (0xffff_ffff - low);
  }
  throw new ImageError(
    'corrupt',
    'btrfs/bad-key',
    `a key holds 0x${high.toString(16)}${low.toString(16).padStart(8, '0')}, which no image can mean`,
  );
}

/** Negative, 0 or positive, as objectid, type and offset say. */
export function compareKeys(a: Key, b: Key): number {
  return a.objectid - b.objectid || a.type - b.type || a.offset - b.offset;
}

export function formatKey({ objectid, type, offset }: Key): string {
  return `(${objectid} ${type} ${offset})`;
}
