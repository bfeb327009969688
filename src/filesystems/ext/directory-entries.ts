/**
 * Linear directory entries (kernel docs, filesystems/ext4: "Linear (Classic) Directories"), as they fill a block or the inline
 * area of an inode. The nodes of a hash tree look like blocks of unused entries, so that reading all blocks in turn lists any
 * directory.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { u8, u16le, u32le } from '../../bytes/struct.ts';
import type { DirectoryEntry, NodeType } from '../file-system.ts';
import { hasIncompat, type Superblock } from './superblock.ts';

export const DIRECTORY_ENTRY = {
  inode: u32le(0),
  rec_len: u16le(4),
  name_len: u8(6),
  /** Without the feature `filetype` the high byte of the name's length, always 0. */
  file_type: u8(7),
} as const;

const HEADER = 8;
/** The smallest entry: a header and one character, padded to four. */
const SMALLEST = 12;

const TYPES: readonly (NodeType | undefined)[] = [
  undefined,
  'file',
  'directory',
  'character',
  'block',
  'fifo',
  'socket',
  'symlink',
];

/** How `rec_len` stores lengths that do not fit 16 bits: only blocks of 64 KiB have them. */
export function parseRecordLength(stored: number, blockSize: number): number {
  if (blockSize < 0x1_0000) return stored;
  return stored === 0xffff || stored === 0 ? blockSize : (stored & 0xfffc) | ((stored & 3) << 16);
}

export interface EntryContext {
  readonly superblock: Superblock;
  /** The type of an inode, for entries that do not say. */
  readonly typeOf: (inode: number) => NodeType;
  /** Makes the error for an entry at `at` of the bytes. */
  readonly corrupt: (what: string, at: number) => Error;
}

/**
 * Adds the entries of one block (or inline area) to `entries`. `.` and `..` are left out where they belong, at the begin
 * of the first block. Throws `corrupt` for an entry that cannot be.
 */
export function parseEntries(
  bytes: Uint8Array,
  isFirst: boolean,
  context: EntryContext,
  entries: DirectoryEntry[],
): void {
  const { superblock, corrupt } = context;
  const hasType = hasIncompat(superblock, 'filetype');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Places of the entries that do not say their type. */
  const untyped: number[] = [];
  for (let at = 0, row = 0; at < bytes.length; row++) {
    if (at + HEADER > bytes.length) throw corrupt('the last entry is cut off', at);
    const inode = view.getUint32(at, true);
    const length = parseRecordLength(view.getUint16(at + 4, true), superblock.blockSize);
    if (length < SMALLEST || length % 4 !== 0 || at + length > bytes.length) {
      throw corrupt(`an entry is ${length} bytes long`, at);
    }
    if (inode !== 0) {
      const nameLength = hasType ? view.getUint8(at + 6) : view.getUint16(at + 6, true);
      if (inode > superblock.inodesCount) throw corrupt(`an entry names inode ${inode}, which does not exist`, at);
      if (nameLength === 0 || nameLength > 255 || HEADER + nameLength > length) {
        throw corrupt(`a name is ${nameLength} bytes long in an entry of ${length}`, at);
      }
      const name = parseName(text, at + HEADER, at + HEADER + nameLength);
      if (name === undefined) throw corrupt('a name has a slash or a NUL in it', at);
      if (name === '.' || name === '..') {
        if (!isFirst || row !== name.length - 1) throw corrupt(`the entry "${name}" is out of place`, at);
      } else {
        const type = hasType ? TYPES[view.getUint8(at + 7)] : undefined;
        if (type === undefined) untyped.push(entries.length);
        entries.push({ name, node: inode, type: type ?? 'file' });
      }
    }
    at += length;
  }
  // Not before: reading an inode may give the memory of the block to other bytes.
  for (const place of untyped) {
    const { name, node } = entries[place] as DirectoryEntry;
    entries[place] = { name, node, type: context.typeOf(node) };
  }
}

const notPlain = /[/\0\x80-\xff]/;
const notAName = /[/\0]/;

/** The name in [start, end); undefined if it cannot be one. Nearly all names are ASCII, which needs no decoder. */
function parseName(block: Buffer, start: number, end: number): string | undefined {
  const name = block.toString('latin1', start, end);
  if (!notPlain.test(name)) return name;
  return notAName.test(name) ? undefined : decodeBytes(block.subarray(start, end));
}
