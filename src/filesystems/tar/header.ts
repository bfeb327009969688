/**
 * The 512-byte tar header: v7, ustar (POSIX.1-1988), GNU and pax (POSIX.1-2001, "ustar Interchange Format"). Numbers are
 * octal text or GNU's base-256. Schily's star headers are read as ustar, without its own extra fields.
 */
import { type BytesField, raw } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const tarHeader = {
  name: raw(0, 100),
  mode: raw(100, 8),
  uid: raw(108, 8),
  gid: raw(116, 8),
  size: raw(124, 12),
  mtime: raw(136, 12),
  chksum: raw(148, 8),
  typeflag: raw(156, 1),
  linkname: raw(157, 100),
  magic: raw(257, 8),
  devmajor: raw(329, 8),
  devminor: raw(337, 8),
  prefix: raw(345, 155),
} as const;

/** Fields of GNU's old sparse header, in place of the prefix. */
export const gnuSparse = {
  /** Four pairs of offset and length, 12 bytes each. */
  sp: raw(386, 96),
  isextended: raw(482, 1),
  realsize: raw(483, 12),
} as const;

export const BLOCK = 512;
const SPACE = 0x20;
const ustarMagic = Buffer.from('ustar\0');
const gnuMagic = Buffer.from('ustar  ');

export type TarDialect = 'v7' | 'ustar' | 'gnu';

/** Which header this is, by its magic. */
export function readDialect(block: Uint8Array): TarDialect {
  if (beginsWith(block, tarHeader.magic, ustarMagic)) return 'ustar';
  return beginsWith(block, tarHeader.magic, gnuMagic) ? 'gnu' : 'v7';
}

/** Whether the checksum holds, summed as unsigned or, as some old programs did, as signed bytes. */
export function hasValidChecksum(block: Uint8Array): boolean {
  const { offset, length } = tarHeader.chksum;
  const stored = parseOctal(block.subarray(offset, offset + length));
  if (stored === undefined) return false;
  let sum = sumBytes(block);
  for (let at = offset; at < offset + length; at++) sum += SPACE - (block[at] as number);
  if (stored === sum) return true;
  const isField = (at: number): boolean => at >= offset && at < offset + length;
  const high = block.subarray(0, BLOCK).reduce((count, byte, at) => count + (isField(at) ? 0 : byte >> 7), 0);
  return stored === sum - 256 * high;
}

/** The sum of the bytes of one block, four at a time: two sums in one number, of 256 bytes each, which 16 bits hold. */
export function sumBytes(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK);
  let sums = 0;
  for (let at = 0; at < BLOCK; at += 4) {
    const word = view.getUint32(at, true);
    sums += (word & 0x00ff_00ff) + ((word >>> 8) & 0x00ff_00ff);
  }
  return (sums & 0xffff) + (sums >>> 16);
}

export function isZeroBlock(block: Uint8Array): boolean {
  for (let at = 0; at < block.length; at++) if (block[at] !== 0) return false;
  return true;
}

/** Bytes of a text field up to its NUL. */
export function textBytes(block: Uint8Array, field: BytesField): Uint8Array {
  const bytes = fieldBytes(block, field);
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** A number field; an empty one is 0. ImageError `corrupt` if it is no number or one no archive can mean. */
export function parseNumber(block: Uint8Array, field: BytesField): number {
  const bytes = fieldBytes(block, field);
  const value = (bytes[0] ?? 0) & 0x80 ? parseBase256(bytes) : parseOctal(bytes);
  if (value === undefined) {
    throw new ImageError('corrupt', 'tar/bad-number', `the header field at +${field.offset} holds no usable number`);
  }
  return value;
}

function parseOctal(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (bytes[at] === SPACE) at++;
  let value = 0;
  for (; at < bytes.length; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; at < bytes.length; at++) {
    if (bytes[at] === 0) break;
    if (bytes[at] !== SPACE) return undefined;
  }
  return value;
}

/** Big-endian two's complement; the first bit only says that it is base-256, the second is the sign. */
function parseBase256(bytes: Uint8Array): number | undefined {
  let value = BigInt((bytes[0] as number) & 0x7f);
  for (let at = 1; at < bytes.length; at++) value = (value << 8n) | BigInt(bytes[at] as number);
  const bits = BigInt(bytes.length * 8 - 1);
  const signed = BigInt.asIntN(Number(bits), value);
  const result = Number(signed);
  return Number.isSafeInteger(result) ? result : undefined;
}

function beginsWith(block: Uint8Array, { offset }: BytesField, text: Uint8Array): boolean {
  return text.every((byte, i) => block[offset + i] === byte);
}

function fieldBytes(block: Uint8Array, field: BytesField): Uint8Array {
  return block.subarray(field.offset, field.offset + field.length);
}
