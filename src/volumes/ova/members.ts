/**
 * The members of an OVA (DMTF DSP0243, "OVF package as a single file"): plain ustar files. Long names in extra records are not
 * part of that format and refused by name.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { type BytesField, raw, Struct } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const ustarHeader = {
  name: raw(0, 100),
  size: raw(124, 12),
  chksum: raw(148, 8),
  typeflag: raw(156, 1),
  magic: raw(257, 5),
} as const;

const BLOCK = 512;
const MAX_MEMBERS = 1000;
/** A plain file, in the old spelling and the new one. */
const fileTypes: ReadonlySet<string> = new Set(['\0', '0']);

export interface Member {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** Whether the source is a tar archive whose first member is an OVF descriptor. Never throws. */
export function isDescriptorFirst(source: ByteSource): boolean {
  if (source.size < BLOCK) return false;
  const header = new Struct(source.read(0, BLOCK));
  return text(header, ustarHeader.magic) === 'ustar' && text(header, ustarHeader.name).toLowerCase().endsWith('.ovf');
}

/** All members up to the end mark or the end of the source; ImageError if a header is damaged or a member is cut off. */
export function readMembers(source: ByteSource): Member[] {
  const members: Member[] = [];
  for (let at = 0; at + BLOCK <= source.size; ) {
    const block = Uint8Array.from(source.read(at, BLOCK));
    if (block.every((byte) => byte === 0)) return members;
    const location = { source: source.label, offset: at };
    const header = new Struct(block);
    const size = parseOctal(header, ustarHeader.size);
    if (size === undefined || parseOctal(header, ustarHeader.chksum) !== sumOf(block)) {
      throw new ImageError('corrupt', 'ova/bad-header', 'a header of the archive is damaged', { location });
    }
    const type = Buffer.from(header.bytes(ustarHeader.typeflag)).toString('latin1');
    const name = text(header, ustarHeader.name);
    if (!fileTypes.has(type)) {
      throw new ImageError('unsupported', 'ova/member-type', `"${name}" is no plain file (type ${type})`, { location });
    }
    if (members.length >= MAX_MEMBERS) {
      throw new ImageError('limit', 'ova/too-many-members', `more than ${MAX_MEMBERS} members`, { location });
    }
    if (at + BLOCK + size > source.size) {
      const message = `"${name}" needs ${size} bytes, the archive ends after ${source.size - at - BLOCK}`;
      throw new ImageError('truncated', 'ova/truncated', message, { location });
    }
    members.push({ name, offset: at + BLOCK, size });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}

function text(header: Struct, field: BytesField): string {
  const bytes = header.bytes(field);
  const end = bytes.indexOf(0);
  return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or GNU's base-256 for what they cannot hold. */
function parseOctal(header: Struct, field: BytesField): number | undefined {
  const bytes = header.bytes(field);
  if (bytes[0] === 0x80) {
    const value = bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** The sum of all bytes, with the checksum itself taken as blanks. */
function sumOf(block: Uint8Array): number {
  const { offset, length } = ustarHeader.chksum;
  let sum = 0x20 * length;
  for (let at = 0; at < BLOCK; at++) if (at < offset || at >= offset + length) sum += block[at] as number;
  return sum;
}
