/**
 * Extended attributes (kernel docs, filesystems/erofs, "Extended attributes"): behind the inode, and shared ones by number.
 * The names begin with a prefix that has a number, or with a long one of the image's own.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { limitExceeded } from '../../limits.ts';
import { openContent } from './content.ts';
import { COMPAT } from './features.ts';
import type { ErofsImage } from './image.ts';
import { type Inode, readInode } from './inode.ts';

export const XATTR_HEADER = { h_name_filter: u32le(0), h_shared_count: u8(4) } as const;
const HEADER_SIZE = 12;
const SHARED_ID = u32le(0);
const SHARED_ID_SIZE = 4;

export const XATTR_ENTRY = { e_name_len: u8(0), e_name_index: u8(1), e_value_size: u16le(2) } as const;
const ENTRY_SIZE = 4;
const ALIGNMENT = 4;

const PREFIXES: Readonly<Record<number, string>> = {
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  5: 'lustre.',
  6: 'security.',
};
const LONG_PREFIX = 0x80;

const PREFIX_LENGTH = u16le(0);
const PREFIX_BASE = u8(2);

export class Xattrs {
  readonly #image: ErofsImage;
  #longPrefixes: readonly string[] | undefined;

  constructor(image: ErofsImage) {
    this.#image = image;
  }

  /** All attributes of an inode, values as memory of their own. Throws `corrupt` or `limit`. */
  read(inode: Inode): ReadonlyMap<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    if (inode.xattrBytes === 0) return found;
    const { limits, superblock, source } = this.#image;
    const area = Uint8Array.from(this.#image.read(inode.xattrs, inode.xattrBytes, 'extended attributes'));
    const s = new Struct(area);
    const shared = s.get(XATTR_HEADER.h_shared_count);
    let total = 0;
    const add = (bytes: Uint8Array, at: number): number => {
      const { name, value, end } = this.#parse(inode, bytes, at);
      total += end - at;
      if (total > limits.xattrBytes) {
        const location = { source: source.label, offset: inode.offset };
        throw limitExceeded('xattrBytes', limits, `the extended attributes of inode ${inode.nid}`, location);
      }
      if (!found.has(name)) found.set(name, value);
      return end;
    };
    let at = HEADER_SIZE + shared * SHARED_ID_SIZE;
    if (at > area.length) throw this.#corrupt(inode, `${shared} shared ones do not fit`);
    while (at + ENTRY_SIZE <= area.length) at = add(area, at);
    for (let i = 0; i < shared; i++) {
      const id = s.at(HEADER_SIZE + i * SHARED_ID_SIZE).get(SHARED_ID);
      add(this.#readShared(superblock.sharedXattrs + id * ALIGNMENT), 0);
    }
    return found;
  }

  /** The whole entry at `offset` of the source. */
  #readShared(offset: number): Uint8Array {
    const s = new Struct(this.#image.read(offset, ENTRY_SIZE, 'a shared attribute'));
    const length = ENTRY_SIZE + s.get(XATTR_ENTRY.e_name_len) + s.get(XATTR_ENTRY.e_value_size);
    return this.#image.read(offset, length, 'a shared attribute');
  }

  #parse(inode: Inode, bytes: Uint8Array, at: number): { name: string; value: Uint8Array; end: number } {
    const entry = new Struct(bytes, at);
    const nameAt = at + ENTRY_SIZE;
    const valueAt = nameAt + entry.get(XATTR_ENTRY.e_name_len);
    const valueEnd = valueAt + entry.get(XATTR_ENTRY.e_value_size);
    if (valueEnd > bytes.length) throw this.#corrupt(inode, 'an entry goes beyond the end');
    const suffix = decodeBytes(bytes.subarray(nameAt, valueAt));
    const value = bytes.slice(valueAt, valueEnd);
    const index = entry.get(XATTR_ENTRY.e_name_index);
    const prefix = index & LONG_PREFIX ? this.#longPrefix(index & ~LONG_PREFIX) : PREFIXES[index];
    if (prefix === undefined) throw this.#corrupt(inode, `the name prefix ${index} does not exist`);
    if (suffix.includes('\0')) throw this.#corrupt(inode, 'a name has a NUL in it');
    return { name: prefix + suffix, value, end: Math.ceil(valueEnd / ALIGNMENT) * ALIGNMENT };
  }

  #longPrefix(index: number): string | undefined {
    this.#longPrefixes ??= this.#readLongPrefixes();
    return this.#longPrefixes[index];
  }

  /** Each a length and, of that length, the number of a prefix and what follows it. They lie in the packed inode if there is one. */
  #readLongPrefixes(): readonly string[] {
    const { packedNid, xattrPrefixes, compat } = this.#image.superblock;
    const isPacked = packedNid !== 0 && (compat & COMPAT.plain_xattr_pfx) === 0;
    const source: ByteSource = isPacked
      ? openContent(this.#image, readInode(this.#image, packedNid), this.#image.source.label)
      : this.#image.source;
    const prefixes: string[] = [];
    let at = xattrPrefixes.start;
    for (let i = 0; i < xattrPrefixes.count; i++) {
      at = Math.ceil(at / ALIGNMENT) * ALIGNMENT;
      const head = new Struct(source.read(at, 3));
      const length = head.get(PREFIX_LENGTH);
      const base = PREFIXES[head.get(PREFIX_BASE)];
      if (length === 0 || base === undefined) {
        throw this.#image.corrupt('bad-attributes', `long attribute prefix ${i} is none`);
      }
      prefixes.push(base + decodeBytes(source.read(at + 3, length - 1)));
      at += 2 + length;
    }
    return prefixes;
  }

  #corrupt(inode: Inode, what: string): Error {
    return this.#image.corrupt(
      'bad-attributes',
      `the extended attributes of inode ${inode.nid}: ${what}`,
      inode.offset,
    );
  }
}
