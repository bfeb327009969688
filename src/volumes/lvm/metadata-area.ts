/** A metadata area (lib/format_text/layout.h of LVM2): a header, and the text of the volume group in a ring behind it. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { raw, Struct, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { type BracedGroup, parseBraced } from '../braced-text.ts';
import { lvmChecksum, SECTOR } from './label.ts';

export const metadataHeader = {
  checksum_xl: u32le(0),
  magic: raw(4, 16),
  version: u32le(20),
  start: u64le(24),
  size: u64le(32),
} as const;

/** Where the text in use lies, counted from the start of the area. */
export const rawLocation = { offset: u64le(40), size: u64le(48), checksum: u32le(56) } as const;

const MAGIC = ' LVM2 x[5A%r0N*>';
const CRC_START = 4;
const MAX_TEXT = 16 * 1024 * 1024;

/** The text of the area as groups; undefined if it holds none, which is so before a group is made. Throws ImageError. */
export function readMetadata(source: ByteSource, offset: number): BracedGroup | undefined {
  const corrupt = (what: string): ImageError =>
    new ImageError('corrupt', 'lvm/bad-metadata', what, { location: { source: source.label, offset } });
  const sector = Uint8Array.from(source.read(offset, SECTOR));
  const header = new Struct(sector);
  if (Buffer.from(header.bytes(metadataHeader.magic)).toString('latin1') !== MAGIC) {
    throw corrupt('there is no LVM metadata area');
  }
  if (lvmChecksum(sector.subarray(CRC_START)) !== header.get(metadataHeader.checksum_xl)) {
    throw corrupt('the checksum of the LVM metadata header does not match');
  }
  const size = header.get(metadataHeader.size);
  const start = header.get(rawLocation.offset);
  const length = header.get(rawLocation.size);
  if (start === 0 || length === 0) return undefined;
  if (start < SECTOR || start >= size || length > size - SECTOR || length > MAX_TEXT) {
    throw corrupt(`the LVM metadata are said to be ${length} bytes at ${start} of ${size}`);
  }
  // The ring goes on behind the header.
  const first = Math.min(length, size - start);
  const text = Buffer.concat([
    Uint8Array.from(source.read(offset + start, first)),
    source.read(offset + SECTOR, length - first),
  ]);
  if (lvmChecksum(text) !== header.get(rawLocation.checksum)) {
    throw corrupt('the checksum of the LVM metadata does not match');
  }
  return parseBraced(decodeBytes(text), source.label);
}
