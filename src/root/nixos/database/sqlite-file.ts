/**
 * An SQLite database, read-only: the header, and the rows of a table in the order of its b-tree (SQLite file format, sections
 * 1.3, 1.6, 2.2). Indexes, tables without row ids, UTF-16 and encryption are deliberately not read; nor is the journal.
 */
import type { ByteSource } from '../../../bytes/byte-source.ts';
import { Struct, u8, u16be, u32be } from '../../../bytes/struct.ts';
import { ImageError } from '../../../errors.ts';
import { parseRecord, readVarint, type Value } from './record.ts';

const magic = 'SQLite format 3\0';
const header = { pageSize: u16be(16), reserved: u8(20), encoding: u32be(56) };
const HEADER = 100;
const UTF8 = 1;
/** Page types of tables. */
const INTERIOR = 5;
const LEAF = 13;
/** Levels of a b-tree: the format's own bound is far below. */
const MAX_DEPTH = 20;
/** Bytes of one row. */
const MAX_PAYLOAD = 1 << 20;

export interface Row {
  readonly id: number;
  readonly values: readonly Value[];
}

export class SqliteFile {
  readonly #source: ByteSource;
  readonly #pageSize: number;
  readonly #usable: number;
  readonly #pages: number;

  /** ImageError `corrupt` if it is no database, `unsupported` if its text is not UTF-8. */
  constructor(source: ByteSource) {
    this.#source = source;
    if (source.size < HEADER) throw this.#corrupt('it is too short');
    const bytes = source.read(0, HEADER);
    if (Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') !== magic)
      throw this.#corrupt('it is no SQLite database');
    const struct = new Struct(bytes);
    const size = struct.get(header.pageSize);
    this.#pageSize = size === 1 ? 65536 : size;
    if (this.#pageSize < 512 || (this.#pageSize & (this.#pageSize - 1)) !== 0) throw this.#corrupt('bad page size', 16);
    this.#usable = this.#pageSize - struct.get(header.reserved);
    if (this.#usable < 480) throw this.#corrupt('bad reserved space', 20);
    if (struct.get(header.encoding) > UTF8)
      throw new ImageError('unsupported', 'sqlite/encoding', `${source.label} keeps its text as UTF-16`);
    this.#pages = Math.floor(source.size / this.#pageSize);
  }

  /** Root page of a table by name; undefined if there is no such table. */
  findTable(name: string): number | undefined {
    for (const { values } of this.rows(1, 4)) {
      const [type, ownName, , root] = values;
      if (type === 'table' && ownName === name && typeof root === 'number') return root;
    }
    return undefined;
  }

  /** The rows of the table at `root`, by row id, with their first `columns` values. Each page is visited once. */
  *rows(root: number, columns: number): Generator<Row> {
    const seen = new Set<number>();
    const stack: { page: number; depth: number }[] = [{ page: root, depth: 0 }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { page, depth } = next;
      if (depth > MAX_DEPTH || seen.has(page)) throw this.#corrupt(`its b-tree runs in a circle`, this.#offset(page));
      seen.add(page);
      const bytes = this.#page(page);
      const start = page === 1 ? HEADER : 0;
      const struct = new Struct(bytes);
      const type = struct.get(u8(start));
      if (type !== INTERIOR && type !== LEAF) throw this.#corrupt(`page ${page} is of no table`, this.#offset(page));
      const cells = struct.get(u16be(start + 3));
      const pointers = start + (type === LEAF ? 8 : 12);
      if (pointers + cells * 2 > this.#usable) throw this.#corrupt('too many cells', this.#offset(page));
      if (type === INTERIOR) {
        const children = [struct.get(u32be(start + 8))];
        for (let i = cells - 1; i >= 0; i--) {
          const cell = struct.get(u16be(pointers + i * 2));
          if (cell + 4 > this.#usable) throw this.#corrupt('bad cell', this.#offset(page));
          children.push(struct.get(u32be(cell)));
        }
        for (const child of children) stack.push({ page: child, depth: depth + 1 });
        continue;
      }
      for (let i = 0; i < cells; i++) yield this.#row(page, bytes, struct.get(u16be(pointers + i * 2)), columns);
    }
  }

  #row(page: number, bytes: Uint8Array, cell: number, columns: number): Row {
    const size = readVarint(bytes, cell);
    const id = size && readVarint(bytes, size.next);
    if (!size || !id || size.value > MAX_PAYLOAD) throw this.#corrupt('bad cell', this.#offset(page) + cell);
    const payload = this.#payload(page, bytes, id.next, size.value);
    const values = parseRecord(payload, columns);
    if (!values) throw this.#corrupt('bad record', this.#offset(page) + cell);
    return { id: id.value, values };
  }

  /** What fits lies in the cell, the rest in a chain of overflow pages. */
  #payload(page: number, bytes: Uint8Array, start: number, size: number): Uint8Array {
    const most = this.#usable - 35;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const spilled = least + ((size - least) % (this.#usable - 4));
    const local = size <= most ? size : spilled <= most ? spilled : least;
    if (start + local > this.#usable) throw this.#corrupt('bad cell', this.#offset(page) + start);
    if (local === size) return bytes.subarray(start, start + size);
    const payload = new Uint8Array(size);
    payload.set(bytes.subarray(start, start + local));
    if (start + local + 4 > this.#usable) throw this.#corrupt('bad cell', this.#offset(page) + start);
    let next = new Struct(bytes).get(u32be(start + local));
    // The payload is bounded, and each page adds to it: the chain ends.
    for (let at = local; at < size; ) {
      const chained = this.#page(next);
      const part = chained.subarray(4, Math.min(this.#usable, 4 + size - at));
      payload.set(part, at);
      at += part.length;
      next = new Struct(chained).get(u32be(0));
    }
    return payload;
  }

  #page(number: number): Uint8Array {
    if (number < 1 || number > this.#pages) throw this.#corrupt(`there is no page ${number}`);
    return this.#source.read(this.#offset(number), this.#pageSize);
  }

  #offset(page: number): number {
    return (page - 1) * this.#pageSize;
  }

  #corrupt(what: string, offset = 0): ImageError {
    const { label } = this.#source;
    return new ImageError('corrupt', 'sqlite/damaged', `the database ${label} is damaged: ${what}`, {
      location: { source: label, offset },
    });
  }
}
