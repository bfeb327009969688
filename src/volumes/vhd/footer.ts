/**
 * The 512-byte footer of a VHD disk (Microsoft "Virtual Hard Disk Image Format Specification" 1.0, "Hard Disk Footer Format"),
 * big-endian. Its checksum is the complement of the sum of its other bytes, as is that of the dynamic disk header.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type NumberField, raw, Struct, u32be, u64be } from '../../bytes/struct.ts';

export const vhdFooter = {
  cookie: raw(0, 8),
  format_version: u32be(12),
  data_offset: u64be(16),
  current_size: u64be(48),
  disk_type: u32be(60),
  checksum: u32be(64),
} as const;

export const FOOTER_BYTES = 512;
const COOKIE = 'conectix';

/** The footer at `offset` if its cookie stands there; whether its checksum holds is another question. */
export function findFooter(source: ByteSource, offset: number): Struct | undefined {
  if (offset < 0 || offset + FOOTER_BYTES > source.size) return undefined;
  const cookie = source.read(offset, COOKIE.length);
  if (Buffer.from(cookie).toString('latin1') !== COOKIE) return undefined;
  return new Struct(Uint8Array.from(source.read(offset, FOOTER_BYTES)));
}

/** Whether the checksum field of a structure of `length` bytes holds. */
export function hasValidChecksum(structure: Struct, field: NumberField, length: number): boolean {
  const bytes = structure.bytes(raw(0, length));
  let sum = 0;
  for (const byte of bytes) sum += byte;
  for (const byte of structure.bytes(raw(field.offset, 4))) sum -= byte;
  return ~sum >>> 0 === structure.get(field);
}
