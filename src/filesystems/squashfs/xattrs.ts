/**
 * Extended attributes (kernel docs, filesystems/squashfs, "Xattr table"): lists of names and values in metadata blocks, found by a
 * table of lists. A value of another list may stand in for one (out of line).
 */
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { limitExceeded } from '../../limits.ts';
import { IndexedTable } from './indexed-table.ts';
import type { Inode } from './inode.ts';
import type { MetadataCursor, MetadataReader } from './metadata.ts';

export const XATTR_TABLE = { xattr_table_start: u64le(0), xattr_ids: u32le(8), unused: u32le(12) } as const;
const TABLE_SIZE = 16;
export const XATTR_ID = { xattr: u64le(0), count: u32le(8), size: u32le(12) } as const;
const ID_SIZE = 16;
export const XATTR_ENTRY = { type: u16le(0), size: u16le(2) } as const;
const ENTRY_SIZE = 4;
export const XATTR_VALUE = { vsize: u32le(0) } as const;
const VALUE_SIZE = 4;
const REFERENCE = u64le(0);
const REFERENCE_SIZE = 8;

const PREFIXES: Readonly<Record<number, string>> = { 0: 'user.', 1: 'trusted.', 2: 'security.' };
const PREFIX = 0xff;
const OUT_OF_LINE = 0x100;

export class Xattrs {
  readonly #metadata: MetadataReader;
  #table: { readonly start: number; readonly ids: IndexedTable } | undefined;

  constructor(metadata: MetadataReader) {
    this.#metadata = metadata;
  }

  /** All attributes of an inode, values as memory of their own. Throws `corrupt` or `limit`. */
  read(inode: Inode): ReadonlyMap<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    if (inode.xattr === undefined) return found;
    const { image } = this.#metadata;
    this.#table ??= this.#readTable();
    const id = this.#table.ids.row(inode.xattr);
    const cursor = this.#cursor(id.get(XATTR_ID.xattr));
    const count = id.get(XATTR_ID.count);
    let total = 0;
    const spend = (bytes: number): void => {
      total += bytes;
      if (total <= image.limits.xattrBytes) return;
      const location = { source: image.source.label, offset: inode.head.offset };
      throw limitExceeded('xattrBytes', image.limits, 'the extended attributes of a file', location);
    };
    for (let i = 0; i < count; i++) {
      const s = cursor.struct(ENTRY_SIZE);
      const type = s.get(XATTR_ENTRY.type);
      const length = s.get(XATTR_ENTRY.size);
      spend(ENTRY_SIZE + length);
      const name = decodeBytes(cursor.bytes(length));
      const prefix = PREFIXES[type & PREFIX];
      if (prefix === undefined) throw this.#corrupt(inode, `the name prefix ${type & PREFIX} does not exist`);
      if (name === '' || name.includes('\0')) throw this.#corrupt(inode, 'a name is empty or has a NUL in it');
      const value = this.#readValue(cursor, (type & OUT_OF_LINE) !== 0, spend);
      if (!found.has(prefix + name)) found.set(prefix + name, value);
    }
    return found;
  }

  #readValue(cursor: MetadataCursor, isOutOfLine: boolean, spend: (bytes: number) => void): Uint8Array {
    const size = cursor.struct(VALUE_SIZE).get(XATTR_VALUE.vsize);
    if (isOutOfLine) {
      return this.#readValue(this.#cursor(cursor.struct(REFERENCE_SIZE).get(REFERENCE)), false, spend);
    }
    spend(size);
    return Uint8Array.from(cursor.bytes(size));
  }

  #cursor(reference: number): MetadataCursor {
    const start = (this.#table?.start ?? 0) + Math.floor(reference / 0x1_0000);
    return this.#metadata.cursor(start, reference % 0x1_0000);
  }

  #readTable(): { readonly start: number; readonly ids: IndexedTable } {
    const { image } = this.#metadata;
    const at = image.superblock.xattrTable;
    if (at === undefined) throw image.corrupt('bad-index', 'a file has extended attributes, but there are none');
    const s = new Struct(image.read(at, TABLE_SIZE, 'the head of the xattr table'));
    const start = s.get(XATTR_TABLE.xattr_table_start);
    const count = s.get(XATTR_TABLE.xattr_ids);
    const list = at + TABLE_SIZE;
    return { start, ids: new IndexedTable(this.#metadata, 'list of extended attributes', list, count, ID_SIZE) };
  }

  #corrupt(inode: Inode, what: string): Error {
    const message = `the extended attributes of a file: ${what}`;
    return this.#metadata.image.corrupt('bad-attributes', message, inode.head.offset);
  }
}
