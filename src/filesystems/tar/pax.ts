/**
 * pax extended headers (POSIX.1-2001, "pax Extended Header"): records `length key=value\n`, with the vendor keys that carry
 * extended attributes: SCHILY.xattr and SCHILY.acl (GNU tar, bsdtar, star), LIBARCHIVE.xattr (base64) and RHT.security.selinux.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { safeNumber } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import type { Timestamp } from '../file-system.ts';
import { aclRecords, parseAcl } from './acl-text.ts';

/** Values by key, raw: an extended attribute is any bytes. Sparse maps of version 0.0 repeat their keys. */
export type PaxRecords = ReadonlyMap<string, Uint8Array>;

const NEWLINE = 0x0a;
const EQUALS = 0x3d;
const MAX_LENGTH_DIGITS = 8;

/** The keys of one sparse map entry in version 0.0, which come once for each entry and in this order. */
const repeated = new Set(['GNU.sparse.offset', 'GNU.sparse.numbytes']);

/** All records of one header. Repeated sparse keys are joined by commas, which is how version 0.1 writes the same map. */
export function parsePax(bytes: Uint8Array): PaxRecords {
  const records = new Map<string, Uint8Array>();
  const sparse: string[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const space = bytes.subarray(at, at + MAX_LENGTH_DIGITS + 1).indexOf(0x20);
    const length = space > 0 ? parseDecimal(bytes.subarray(at, at + space)) : undefined;
    const end = length === undefined ? 0 : at + length;
    if (length === undefined || end > bytes.length || length < space + 4 || bytes[end - 1] !== NEWLINE) {
      throw new ImageError('corrupt', 'tar/bad-pax', 'a pax header holds a record that does not end where it says');
    }
    const body = bytes.subarray(at + space + 1, end - 1);
    const equals = body.indexOf(EQUALS);
    if (equals < 1) throw new ImageError('corrupt', 'tar/bad-pax', 'a pax header holds a record without a key');
    const key = decodeBytes(body.subarray(0, equals));
    const value = body.subarray(equals + 1);
    if (repeated.has(key)) sparse.push(decodeBytes(value));
    else records.set(key, Uint8Array.from(value));
    at = end;
  }
  if (sparse.length > 0) records.set('GNU.sparse.map', Buffer.from(sparse.join(','), 'utf8'));
  return records;
}

/** A decimal number of at most 2^53; ImageError `corrupt` otherwise. */
export function paxNumber(records: PaxRecords, key: string): number | undefined {
  const bytes = records.get(key);
  if (bytes === undefined || bytes.length === 0) return undefined;
  const value = parseDecimal(bytes);
  if (value === undefined) throw new ImageError('corrupt', 'tar/bad-pax', `the pax record ${key} is no number`);
  return value;
}

/** A name or path; an empty value takes the record back. */
export function paxText(records: PaxRecords, key: string): string | undefined {
  const bytes = records.get(key);
  return bytes === undefined || bytes.length === 0 ? undefined : decodeBytes(bytes);
}

/** Seconds with a fraction, possibly negative. */
export function paxTime(records: PaxRecords, key: string): Timestamp | undefined {
  const text = paxText(records, key);
  if (text === undefined) return undefined;
  const match = /^(-?)(\d{1,16})(?:\.(\d{0,40}))?$/.exec(text);
  if (!match) throw new ImageError('corrupt', 'tar/bad-pax', `the pax record ${key} is no time`);
  const whole = safeNumber(BigInt(match[2] ?? '0'));
  const nanoseconds = Number((match[3] ?? '').slice(0, 9).padEnd(9, '0'));
  if (match[1] === '') return { seconds: whole, nanoseconds };
  return nanoseconds === 0
    ? { seconds: -whole, nanoseconds: 0 }
    : { seconds: -whole - 1, nanoseconds: 1_000_000_000 - nanoseconds };
}

const schily = 'SCHILY.xattr.';
const libarchive = 'LIBARCHIVE.xattr.';
const selinux = 'RHT.security.selinux';

export interface PaxAttributes {
  /** By full name. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  /** Whether there is an access control list that could not be read. */
  readonly hasUnreadList: boolean;
}

/** Extended attributes. Where two keys name one attribute, SCHILY's raw value wins, as in libarchive. */
export function paxXattrs(records: PaxRecords): PaxAttributes {
  const xattrs = new Map<string, Uint8Array>();
  let hasUnreadList = false;
  for (const [key, value] of records) {
    if (key.startsWith(libarchive)) {
      const name = decodePercent(key.slice(libarchive.length), /%([0-9A-Fa-f]{2})/g);
      if (!records.has(schily + name)) xattrs.set(name, Buffer.from(decodeBytes(value), 'base64'));
    } else if (key.startsWith(schily)) {
      // GNU tar escapes these two characters, which would otherwise break the record.
      xattrs.set(decodePercent(key.slice(schily.length), /%(3[Dd]|25)/g), value);
    } else if (key === selinux && !xattrs.has('security.selinux')) {
      xattrs.set('security.selinux', Buffer.concat([value, Buffer.of(0)]));
    }
  }
  for (const [name, key] of Object.entries(aclRecords)) {
    const text = xattrs.has(name) ? undefined : paxText(records, key);
    const list = text === undefined ? 'mode' : parseAcl(text);
    if (list === 'unread') hasUnreadList = true;
    else if (list !== 'mode') xattrs.set(name, list);
  }
  return { xattrs, hasUnreadList };
}

function decodePercent(name: string, escapes: RegExp): string {
  return name.includes('%') ? name.replace(escapes, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))) : name;
}

function parseDecimal(bytes: Uint8Array): number | undefined {
  if (bytes.length === 0 || bytes.length > 20) return undefined;
  let value = 0n;
  for (const byte of bytes) {
    if (byte < 0x30 || byte > 0x39) return undefined;
    value = value * 10n + BigInt(byte - 0x30);
  }
  return safeNumber(value);
}
