/**
 * One member's headers, to be written: a ustar header (POSIX.1-1988) and before it, where that cannot say everything, a pax
 * extended header (POSIX.1-2001 "pax Interchange Format") with extended attributes as GNU tar and star write them. Nothing in
 * it depends on the host or the time of writing.
 */
import { encodeBytes } from '../../bytes/names.ts';
import type { BytesField } from '../../bytes/struct.ts';
import type { NodeType, Timestamp } from '../file-system.ts';
import { aclRecords, formatAcl } from './acl-text.ts';
import { BLOCK, sumBytes, tarHeader } from './header.ts';

export interface MemberStatus {
  /** As it is to be stored, `./etc/hostname`; of a directory with a slash at the end. */
  readonly path: string;
  readonly type: Exclude<NodeType, 'socket'> | 'hard-link';
  /** Target of a symlink or hard link. */
  readonly linkPath?: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow, 0 for all but files. */
  readonly size: number;
  readonly mtime: Timestamp;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

const typeFlags: Readonly<Record<MemberStatus['type'], string>> = {
  file: '0',
  'hard-link': '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

const magic = encodeBytes('ustar\x0000');
const ZERO = 0x30;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;

/** The blocks before a member's content. */
export function formatMember(member: MemberStatus): Uint8Array {
  const { path, linkPath = '', type, mode, uid, gid, size, mtime, device = { major: 0, minor: 0 }, xattrs } = member;
  const records: Uint8Array[] = [];
  const header = startHeader(typeFlags[type], mode);
  const putText = (field: BytesField, key: string, text: string): void => {
    if (text === '') return;
    const bytes = encodeBytes(text);
    if (bytes.length > field.length) records.push(formatRecord(key, bytes));
    header.set(bytes.subarray(0, field.length), field.offset);
  };
  const putNumber = (field: BytesField, key: string, value: number, exact?: string): void => {
    const fits = value >= 0 && value <= largest(field);
    if (!fits || exact !== undefined) records.push(formatRecord(key, encodeBytes(exact ?? String(value))));
    putOctal(header, field, fits ? value : value < 0 ? 0 : largest(field));
  };
  putText(tarHeader.name, 'path', path);
  putText(tarHeader.linkname, 'linkpath', linkPath);
  putNumber(tarHeader.uid, 'uid', uid);
  putNumber(tarHeader.gid, 'gid', gid);
  putNumber(tarHeader.size, 'size', size);
  putNumber(tarHeader.mtime, 'mtime', mtime.seconds, mtime.nanoseconds === 0 ? undefined : formatTime(mtime));
  putNumber(tarHeader.devmajor, 'SCHILY.devmajor', device.major);
  putNumber(tarHeader.devminor, 'SCHILY.devminor', device.minor);
  for (const [name, value] of sorted(xattrs)) {
    // With --acls, GNU tar takes lists from records of their own.
    const list = aclRecords[name] === undefined ? undefined : formatAcl(value);
    if (list !== undefined) records.push(formatRecord(aclRecords[name] ?? '', encodeBytes(list)));
    records.push(formatRecord(`SCHILY.xattr.${escapeKey(name)}`, value));
  }
  putChecksum(header);
  return records.length === 0 ? header : Buffer.concat([formatExtension(records), header]);
}

/** Zeros behind content of `size` bytes, up to the next block. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** What ends an archive. */
export const endOfArchive: Uint8Array = new Uint8Array(2 * BLOCK);

function formatExtension(records: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(records);
  const header = startHeader('x', 0o644);
  header.set(encodeBytes('./PaxHeaders'), tarHeader.name.offset);
  putOctal(header, tarHeader.size, body.length);
  for (const field of [tarHeader.uid, tarHeader.gid, tarHeader.mtime]) putOctal(header, field, 0);
  putChecksum(header);
  return Buffer.concat([header, body, new Uint8Array(paddingOf(body.length))]);
}

/** `<length> <key>=<value>\n`, where the length counts its own digits as well. */
function formatRecord(key: string, value: Uint8Array): Uint8Array {
  const name = encodeBytes(key);
  const rest = name.length + value.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length++;
  return Buffer.concat([encodeBytes(`${length} `), name, Buffer.of(EQUALS), value, Buffer.of(NEWLINE)]);
}

function startHeader(typeFlag: string, mode: number): Uint8Array {
  const header = new Uint8Array(BLOCK);
  header[tarHeader.typeflag.offset] = typeFlag.charCodeAt(0);
  header.set(magic, tarHeader.magic.offset);
  putOctal(header, tarHeader.mode, mode);
  return header;
}

/** Octal digits with leading zeros, and a NUL behind them. */
function putOctal(header: Uint8Array, { offset, length }: BytesField, value: number): void {
  let rest = value;
  for (let at = offset + length - 2; at >= offset; at--) {
    header[at] = ZERO + (rest % 8);
    rest = Math.floor(rest / 8);
  }
}

/** The sum of all bytes, its own field taken as spaces: six digits, NUL, space. */
function putChecksum(header: Uint8Array): void {
  const { offset, length } = tarHeader.chksum;
  header.fill(0x20, offset, offset + length);
  putOctal(header, { offset, length: length - 1 }, sumBytes(header));
  header[offset + length - 2] = 0;
}

function largest({ length }: BytesField): number {
  return 8 ** (length - 1) - 1;
}

function formatTime({ seconds, nanoseconds }: Timestamp): string {
  const [whole, rest] = seconds < 0 ? [-seconds - 1, 1e9 - nanoseconds] : [seconds, nanoseconds];
  return `${seconds < 0 ? '-' : ''}${whole}.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
}

/** A key ends at its equals sign: GNU tar escapes those in names. */
function escapeKey(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('=', '%3D');
}

function sorted(xattrs: ReadonlyMap<string, Uint8Array> | undefined): [string, Uint8Array][] {
  return [...(xattrs ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
}
