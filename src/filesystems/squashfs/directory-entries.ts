/**
 * The entries of a directory listing (kernel docs, filesystems/squashfs, "Directories"): runs of at most 256, each with a header
 * that names the metadata block all its inodes lie in.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { u16le, u32le } from '../../bytes/struct.ts';
import type { DirectoryEntry } from '../file-system.ts';
import { BASIC_TYPES } from './inode-structures.ts';
import type { MetadataCursor, MetadataReader } from './metadata.ts';

export const RUN = { count: u32le(0), start_block: u32le(4), inode_number: u32le(8) } as const;
const RUN_SIZE = 12;
const MAX_RUN = 256;

export const ENTRY = { offset: u16le(0), inode_number: u16le(2), type: u16le(4), size: u16le(6) } as const;
const ENTRY_SIZE = 8;
const MAX_NAME = 256;

const SLASH = 0x2f;

export class EntryReader {
  readonly #metadata: MetadataReader;
  readonly #cursor: MetadataCursor;
  /** Bytes of the listing that were not read yet. */
  #left: number;
  /** Entries of the current run that were not read yet. */
  #inRun = 0;
  /** Of the current run, as the upper part of references. */
  #base = 0;

  /** Reads `length` bytes of a listing from `cursor`, which stands before the header of a run. */
  constructor(metadata: MetadataReader, cursor: MetadataCursor, length: number) {
    this.#metadata = metadata;
    this.#cursor = cursor;
    this.#left = length;
  }

  /** Undefined after the last. Throws `corrupt`. */
  next(): DirectoryEntry | undefined {
    if (this.#inRun === 0) {
      if (this.#left === 0) return undefined;
      this.#readRun();
    }
    this.#inRun--;
    const s = this.#cursor.struct(ENTRY_SIZE);
    const length = s.get(ENTRY.size) + 1;
    this.#take(ENTRY_SIZE + length);
    const type = BASIC_TYPES[s.get(ENTRY.type)];
    if (length > MAX_NAME) throw this.#corrupt(`has a name of ${length} bytes`);
    const bytes = this.#cursor.bytes(length);
    if (!isName(bytes)) throw this.#corrupt(`has a name that none can have: ${JSON.stringify(decodeBytes(bytes))}`);
    if (type === undefined) throw this.#corrupt(`has an entry of the type ${s.get(ENTRY.type)}, which does not exist`);
    return { name: decodeBytes(bytes), node: this.#base + s.get(ENTRY.offset), type };
  }

  #readRun(): void {
    const s = this.#cursor.struct(RUN_SIZE);
    this.#take(RUN_SIZE);
    const count = s.get(RUN.count) + 1;
    if (count > MAX_RUN) throw this.#corrupt(`has a run of ${count} entries`);
    this.#inRun = count;
    this.#base = s.get(RUN.start_block) * 0x1_0000;
  }

  #take(length: number): void {
    this.#left -= length;
    if (this.#left < 0) throw this.#corrupt('has an entry that goes beyond its end');
  }

  #corrupt(what: string): Error {
    return this.#metadata.image.corrupt('bad-directory', `a directory ${what}`, this.#cursor.place.start);
  }
}

function isName(bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (length <= 2 && bytes[0] === 0x2e && (length === 1 || bytes[1] === 0x2e)) return false;
  for (let at = 0; at < length; at++) if (bytes[at] === 0 || bytes[at] === SLASH) return false;
  return true;
}
