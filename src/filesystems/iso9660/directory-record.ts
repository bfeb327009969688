/** The directory record (ECMA-119, 9.1): place, size, name and flags of a file, and the system use area behind the name. */
import { raw, Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import type { IsoImage } from './image.ts';
import { SECTOR } from './sectors.ts';

export const RECORD = {
  length: u8(0),
  ext_attr_length: u8(1),
  extent: u32le(2),
  size: u32le(10),
  date: raw(18, 7),
  flags: u8(25),
  file_unit_size: u8(26),
  interleave: u8(27),
  volume_sequence_number: u16le(28),
  name_len: u8(32),
} as const;
const RECORD_SIZE = 33;

export const FLAG = { directory: 0x02, associated: 0x04, multiExtent: 0x80 } as const;

export interface DirectoryRecord {
  /** Byte offset in the source. */
  readonly offset: number;
  readonly length: number;
  /** Byte offset of the content, behind an extended attribute record. */
  readonly start: number;
  readonly size: number;
  readonly flags: number;
  readonly isInterleaved: boolean;
  /** Views into the sector, valid until the next read: the bytes of the name, the date and the system use area. */
  readonly name: Uint8Array;
  readonly date: Uint8Array;
  readonly systemUse: Uint8Array;
}

/** The record at `offset` of the source; undefined if the rest of its sector is empty. Throws `corrupt`. */
export function readRecord(image: IsoImage, offset: number): DirectoryRecord | undefined {
  const into = offset % SECTOR;
  const sector = image.read(offset - into, SECTOR, 'a directory sector');
  return parseRecord(image, sector, into, offset);
}

/** The record at `at` of `sector`, which is byte `offset` of the source. */
export function parseRecord(
  image: IsoImage,
  sector: Uint8Array,
  at: number,
  offset: number,
): DirectoryRecord | undefined {
  const length = sector[at] ?? 0;
  if (length === 0) return undefined;
  if (length <= RECORD_SIZE || at + length > sector.length) {
    throw image.corrupt('bad-record', `a directory record has ${length} bytes`, offset);
  }
  const s = new Struct(sector, at);
  const nameLength = s.get(RECORD.name_len);
  const nameEnd = RECORD_SIZE + nameLength;
  if (nameLength === 0 || nameEnd > length) {
    throw image.corrupt('bad-record', `a directory record has a name of ${nameLength} bytes`, offset);
  }
  const systemUse = nameEnd + (nameEnd % 2);
  return {
    offset,
    length,
    start: (s.get(RECORD.extent) + s.get(RECORD.ext_attr_length)) * image.volume.blockSize,
    size: s.get(RECORD.size),
    flags: s.get(RECORD.flags),
    isInterleaved: s.get(RECORD.file_unit_size) !== 0,
    name: sector.subarray(at + RECORD_SIZE, at + nameEnd),
    date: s.bytes(RECORD.date),
    systemUse: sector.subarray(at + Math.min(systemUse, length), at + length),
  };
}

/** Whether the name is that of the directory itself (0) or of its parent (1). */
export function isSelfOrParent({ name }: DirectoryRecord): boolean {
  return name.length === 1 && (name[0] === 0 || name[0] === 1);
}
