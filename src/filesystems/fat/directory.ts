/**
 * FAT directories (Microsoft FAT specification 1.03, sections 6 and 7): 32-byte entries, long names in the entries before
 * the short one. Parts of a long name that do not belong to the entry after them are ignored, as every driver does.
 */
import { raw, Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { decodeShortName, shortNameChecksum } from './names.ts';

export const directoryEntry = {
  Name: raw(0, 11),
  Attr: u8(11),
  NTRes: u8(12),
  CrtTimeTenth: u8(13),
  CrtTime: u16le(14),
  CrtDate: u16le(16),
  LstAccDate: u16le(18),
  FstClusHI: u16le(20),
  WrtTime: u16le(22),
  WrtDate: u16le(24),
  FstClusLO: u16le(26),
  FileSize: u32le(28),
} as const;

export const longNameEntry = {
  Ord: u8(0),
  Name1: raw(1, 10),
  Chksum: u8(13),
  Name2: raw(14, 12),
  Name3: raw(28, 4),
} as const;

export const READ_ONLY = 0x01;
export const VOLUME_ID = 0x08;
export const DIRECTORY = 0x10;
const LONG_NAME = 0x0f;
const LAST_LONG_ENTRY = 0x40;
const MAX_LONG_ENTRIES = 20;
const ENTRY_BYTES = 32;
const DELETED = 0xe5;

export interface FatEntry {
  /** Byte offset of the short entry in the volume. */
  readonly offset: number;
  /** Long name, or the short one if there is none. */
  readonly name: string;
  readonly shortName: string;
  readonly attributes: number;
  /** A copy of the 32 bytes, for the fields of `directoryEntry`. */
  readonly record: Struct;
}

/** The long name collected so far, last part first. */
interface LongName {
  readonly checksum: number;
  /** Ordinal the next part must have. */
  expected: number;
  readonly parts: string[];
}

/** Bytes of a directory and where they lie in the volume. */
export interface DirectoryPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The entries in use up to the end mark, in the order of the disk; `.` and `..` are left out, the volume label is not. */
export function parseDirectory(pieces: readonly DirectoryPiece[]): FatEntry[] {
  const entries: FatEntry[] = [];
  let long: LongName | undefined;
  for (const { offset, bytes } of pieces) {
    for (let base = 0; base + ENTRY_BYTES <= bytes.length; base += ENTRY_BYTES) {
      const first = bytes[base];
      if (first === 0) return entries;
      const record = new Struct(bytes, base);
      const attributes = record.get(directoryEntry.Attr) & 0x3f;
      if (first === DELETED) {
        long = undefined;
      } else if (attributes === LONG_NAME) {
        long = addPart(long, record);
      } else {
        const name = record.bytes(directoryEntry.Name);
        const shortName = decodeShortName(name, record.get(directoryEntry.NTRes));
        const longName = long && long.expected === 0 && long.checksum === shortNameChecksum(name) && joinParts(long);
        long = undefined;
        if (shortName === '.' || shortName === '..') continue;
        entries.push({ offset: offset + base, name: longName || shortName, shortName, attributes, record });
      }
    }
  }
  return entries;
}

function addPart(long: LongName | undefined, record: Struct): LongName | undefined {
  const order = record.get(longNameEntry.Ord);
  const number = order & ~LAST_LONG_ENTRY;
  const checksum = record.get(longNameEntry.Chksum);
  const started = order & LAST_LONG_ENTRY ? { checksum, expected: number, parts: [] } : long;
  if (!started || number === 0 || number > MAX_LONG_ENTRIES) return undefined;
  if (number !== started.expected || checksum !== started.checksum) return undefined;
  const { Name1, Name2, Name3 } = longNameEntry;
  started.parts.push(
    [Name1, Name2, Name3].map((field) => Buffer.from(record.bytes(field)).toString('utf16le')).join(''),
  );
  started.expected = number - 1;
  return started;
}

/** The name up to its terminator; undefined if it is no text (a lone surrogate) and so cannot be a path's component. */
function joinParts(long: LongName): string | undefined {
  const text = [...long.parts].reverse().join('');
  const end = text.indexOf('\0');
  const name = end < 0 ? text : text.slice(0, end);
  return /\p{Surrogate}/u.test(name) ? undefined : name;
}
