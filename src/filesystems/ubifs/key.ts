/** Keys of UBIFS nodes (kernel, fs/ubifs/key.h): inode number, then three bits of type and 29 of a block number or a hash. */
import { Struct, u32le } from '../../bytes/struct.ts';

export const KEY_TYPE = { inode: 0, data: 1, entry: 2, xattr: 3 } as const;
const TYPE_SHIFT = 29;
const VALUE_MASK = 0x1fff_ffff;
export const MAX_KEY_VALUE = VALUE_MASK;

/** Two 32-bit words, compared one after the other. */
export interface Key {
  readonly inode: number;
  /** Type and value in one. */
  readonly word: number;
}

export function makeKey(inode: number, type: number, value = 0): Key {
  return { inode, word: ((type << TYPE_SHIFT) | value) >>> 0 };
}

export function readKey(bytes: Uint8Array, offset: number): Key {
  const s = new Struct(bytes, offset);
  return { inode: s.get(u32le(0)), word: s.get(u32le(4)) };
}

export const keyType = ({ word }: Key): number => word >>> TYPE_SHIFT;
export const keyValue = ({ word }: Key): number => word & VALUE_MASK;

export function compareKeys(a: Key, b: Key): number {
  return a.inode - b.inode || a.word - b.word;
}

/** The hash of a name by number: R5 as ReiserFS has it, or the first bytes for tests of the kernel. Undefined for any other. */
export function hashName(keyHash: number, name: Uint8Array): number | undefined {
  if (keyHash === 0) return maskHash(hashR5(name));
  if (keyHash !== 1) return undefined;
  const first = Uint8Array.from({ length: 4 }, (_, i) => name[i] ?? 0);
  return maskHash(new Struct(first).get(u32le(0)));
}

function hashR5(name: Uint8Array): number {
  let hash = 0;
  for (const byte of name) {
    const signed = (byte << 24) >> 24;
    hash = (hash + (signed << 4)) | 0;
    hash = (hash + (signed >> 4)) | 0;
    hash = Math.imul(hash, 11);
  }
  return hash;
}

/** Hashes below 3 stand for `.`, `..` and the end of a directory. */
function maskHash(hash: number): number {
  const masked = hash & VALUE_MASK;
  return masked <= 2 ? masked + 3 : masked;
}
