/**
 * cpio headers: newc and crc (kernel docs, driver-api/early-userspace/buffer-format) in hexadecimal digits, and odc (POSIX.1-1997,
 * "cpio archive format") in octal ones. The binary format of older systems is not read.
 */
import { type BytesField, raw } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const NEWC = {
  c_magic: raw(0, 6),
  c_ino: raw(6, 8),
  c_mode: raw(14, 8),
  c_nlink: raw(38, 8),
  c_uid: raw(22, 8),
  c_gid: raw(30, 8),
  c_mtime: raw(46, 8),
  c_filesize: raw(54, 8),
  c_maj: raw(62, 8),
  c_min: raw(70, 8),
  c_rmaj: raw(78, 8),
  c_rmin: raw(86, 8),
  c_namesize: raw(94, 8),
  c_chksum: raw(102, 8),
} as const;
export const NEWC_SIZE = 110;

export const ODC = {
  c_magic: raw(0, 6),
  c_dev: raw(6, 6),
  c_ino: raw(12, 6),
  c_mode: raw(18, 6),
  c_uid: raw(24, 6),
  c_gid: raw(30, 6),
  c_nlink: raw(36, 6),
  c_rdev: raw(42, 6),
  c_mtime: raw(48, 11),
  c_namesize: raw(59, 6),
  c_filesize: raw(65, 11),
} as const;
export const ODC_SIZE = 76;

export const MAGIC_SIZE = 6;

export type CpioDialect = 'newc' | 'crc' | 'odc';

const dialects = new Map<string, CpioDialect>([
  ['070701', 'newc'],
  ['070702', 'crc'],
  ['070707', 'odc'],
]);

/** The header's numbers, in one form for all dialects. */
export interface CpioHeader {
  readonly dialect: CpioDialect;
  readonly headerSize: number;
  /** Names and contents begin on multiples of this. */
  readonly alignment: 1 | 4;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly mtime: number;
  readonly fileSize: number;
  readonly nameSize: number;
  /** The same for all names of one file: the device, its major number times 2^32 in newc, and the inode number on it. */
  readonly dev: number;
  readonly ino: number;
  readonly device: { readonly major: number; readonly minor: number };
  /** Sum of the content's bytes, of the crc dialect. */
  readonly checksum: number;
}

/** Which cpio this is by its first six bytes, undefined if it is none. */
export function readDialect(bytes: Uint8Array): CpioDialect | undefined {
  return dialects.get(Buffer.from(bytes.buffer, bytes.byteOffset, MAGIC_SIZE).toString('latin1'));
}

export function headerSize(dialect: CpioDialect): number {
  return dialect === 'odc' ? ODC_SIZE : NEWC_SIZE;
}

/** Throws `corrupt` if a field is no number. `bytes` are a whole header. */
export function parseHeader(bytes: Uint8Array, dialect: CpioDialect): CpioHeader {
  return dialect === 'odc' ? parseOdc(bytes) : parseNewc(bytes, dialect);
}

function parseNewc(bytes: Uint8Array, dialect: CpioDialect): CpioHeader {
  const get = (field: BytesField): number => parseDigits(bytes, field, 16);
  return {
    dialect,
    headerSize: NEWC_SIZE,
    alignment: 4,
    mode: get(NEWC.c_mode),
    uid: get(NEWC.c_uid),
    gid: get(NEWC.c_gid),
    nlink: get(NEWC.c_nlink),
    mtime: get(NEWC.c_mtime),
    fileSize: get(NEWC.c_filesize),
    nameSize: get(NEWC.c_namesize),
    dev: get(NEWC.c_maj) * 2 ** 32 + get(NEWC.c_min),
    ino: get(NEWC.c_ino),
    device: { major: get(NEWC.c_rmaj), minor: get(NEWC.c_rmin) },
    checksum: get(NEWC.c_chksum),
  };
}

function parseOdc(bytes: Uint8Array): CpioHeader {
  const get = (field: BytesField): number => parseDigits(bytes, field, 8);
  const rdev = get(ODC.c_rdev);
  return {
    dialect: 'odc',
    headerSize: ODC_SIZE,
    alignment: 1,
    mode: get(ODC.c_mode),
    uid: get(ODC.c_uid),
    gid: get(ODC.c_gid),
    nlink: get(ODC.c_nlink),
    mtime: get(ODC.c_mtime),
    fileSize: get(ODC.c_filesize),
    nameSize: get(ODC.c_namesize),
    dev: get(ODC.c_dev),
    ino: get(ODC.c_ino),
    device: { major: (rdev >>> 8) & 0xff, minor: rdev & 0xff },
    checksum: 0,
  };
}

function parseDigits(bytes: Uint8Array, { offset, length }: BytesField, base: 8 | 16): number {
  let value = 0;
  for (let at = offset; at < offset + length; at++) {
    const digit = digitOf(bytes[at] as number);
    if (digit >= base) {
      throw new ImageError('corrupt', 'cpio/bad-header', `the header field at +${offset} holds no number`);
    }
    value = value * base + digit;
  }
  return value;
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 255;
}
