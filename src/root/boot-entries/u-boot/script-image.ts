/**
 * A U-Boot script in the legacy image format (include/image.h, mkimage -T script): a header of 64 bytes, big-endian, sealed by two
 * CRC-32, then a list of lengths that ends with 0, then the text. FIT images with a script inside are not read.
 */
import type { ByteSource } from '../../../bytes/byte-source.ts';
import { crc32 } from '../../../bytes/checksums/crc32.ts';
import { decodeBytes } from '../../../bytes/names.ts';
import { raw, Struct, u8, u32be } from '../../../bytes/struct.ts';
import { ImageError } from '../../../errors.ts';
import { type Limits, limitExceeded } from '../../../limits.ts';

export const legacyHeader = {
  ih_magic: u32be(0),
  ih_hcrc: u32be(4),
  ih_size: u32be(12),
  ih_dcrc: u32be(24),
  ih_type: u8(30),
  ih_comp: u8(31),
  ih_name: raw(32, 32),
} as const;

const HEADER_BYTES = 64;
const MAGIC = 0x27051956;
const SCRIPT = 6;

/** The text of a script; ImageError if the file is none, is damaged or cut off: U-Boot would not run it. */
export function readScriptImage(source: ByteSource, limits: Limits): string {
  const location = { source: source.label };
  if (source.size > limits.textBytes) throw limitExceeded('textBytes', limits, source.label, location);
  const bytes = Uint8Array.from(source.read(0, source.size));
  const refuse = (what: string): ImageError =>
    new ImageError('corrupt', 'boot/bad-u-boot-script', `the script of U-Boot cannot be run: ${what}`, { location });
  if (bytes.length < HEADER_BYTES) throw refuse(`it has ${bytes.length} bytes, less than its header`);
  const header = new Struct(bytes);
  if (header.get(legacyHeader.ih_magic) !== MAGIC) throw refuse('it has no header of mkimage');
  if (header.get(legacyHeader.ih_type) !== SCRIPT) throw refuse('it is an image of another type');
  const sealed = Uint8Array.from(bytes.subarray(0, HEADER_BYTES));
  sealed.fill(0, legacyHeader.ih_hcrc.offset, legacyHeader.ih_hcrc.offset + 4);
  if (crc32(sealed) !== header.get(legacyHeader.ih_hcrc)) throw refuse('the checksum of its header does not match');
  const size = header.get(legacyHeader.ih_size);
  if (size > bytes.length - HEADER_BYTES) throw refuse('it is cut off');
  const data = bytes.subarray(HEADER_BYTES, HEADER_BYTES + size);
  if (crc32(data) !== header.get(legacyHeader.ih_dcrc)) throw refuse('its checksum does not match');
  return decodeBytes(readFirst(data));
}

/** The first of the texts the list of lengths counts, without its padding. */
function readFirst(data: Uint8Array): Uint8Array {
  const lengths = new Struct(data);
  const length = lengths.get(u32be(0));
  let at = 4;
  while (lengths.get(u32be(at)) !== 0) at += 4;
  const start = at + 4;
  return data.subarray(start, start + length);
}
