/**
 * The members of a tar archive in their order, headers only: contents are skipped. Extended headers (pax x and g, GNU L and
 * K) are applied to the member they belong to. Multi-volume archives are unsupported.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError, type ImageErrorKind } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { NodeType, Timestamp } from '../file-system.ts';
import { HeaderWindow } from '../header-window.ts';
import { BLOCK, hasValidChecksum, isZeroBlock, parseNumber, readDialect, tarHeader, textBytes } from './header.ts';
import { type PaxAttributes, type PaxRecords, parsePax, paxNumber, paxText, paxTime, paxXattrs } from './pax.ts';
import { type OldSparse, parseSparseMap, readOldSparse } from './sparse.ts';

export interface TarMember {
  /** As stored: prefixes and `..` are the tree's matter. */
  readonly path: string;
  readonly type: NodeType | 'hard-link';
  /** Target of a symlink or hard link, empty for others. */
  readonly linkPath: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of the file; holes included. */
  readonly size: number;
  readonly mtime: Timestamp;
  readonly atime: Timestamp | undefined;
  readonly ctime: Timestamp | undefined;
  readonly crtime: Timestamp | undefined;
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  /** Whether there is an access control list besides, of names without numbers. */
  readonly hasUnreadList: boolean;
  /** Byte offset of the header. */
  readonly offset: number;
  /** Byte offset and bytes of the stored content. */
  readonly data: number;
  readonly stored: number;
  /** Where the pieces of a sparse file lie; `in-data` is pax version 1.0, whose map is read with the file. */
  readonly sparse: readonly number[] | 'in-data' | undefined;
}

/** Type flags; any other is a regular file, as POSIX asks. */
const types = new Map<string, NodeType | 'hard-link'>([
  ['\0', 'file'],
  ['0', 'file'],
  ['1', 'hard-link'],
  ['2', 'symlink'],
  ['3', 'character'],
  ['4', 'block'],
  ['5', 'directory'],
  ['6', 'fifo'],
  ['7', 'file'],
  ['D', 'directory'],
  ['S', 'file'],
]);

const noRecords: PaxRecords = new Map();
const noXattrs: PaxAttributes = { xattrs: new Map(), hasUnreadList: false };
/** What is looked at behind the end marker: more than the padding any tar writes. */
const TAIL_BYTES = 1024 * 1024;

/** Extended headers that wait for their member. */
interface Pending {
  pax: PaxRecords;
  path: string | undefined;
  linkPath: string | undefined;
}

export class MemberReader {
  /** Of GNU's volume header. */
  volumeLabel = '';
  readonly #source: ByteSource;
  readonly #headers: HeaderWindow;
  readonly #limits: Limits;
  readonly #notes: Diagnostic[] = [];
  #unreadLists: { count: number; readonly path: string; readonly offset: number } | undefined;
  #global: PaxRecords = noRecords;
  #at = 0;

  constructor(source: ByteSource, limits: Limits) {
    this.#source = source;
    this.#headers = new HeaderWindow(source);
    this.#limits = limits;
  }

  /** What was noticed in the members so far. */
  get diagnostics(): readonly Diagnostic[] {
    if (!this.#unreadLists) return this.#notes;
    const { count, path, offset } = this.#unreadLists;
    const whose = `the access control lists of ${count} member${count === 1 ? '' : 's'}`;
    const why = 'they name users or groups without their numbers, as tar does without --numeric-owner';
    const message = `${whose} are left out: ${why}; the first is of ${path}`;
    const location = { source: this.#source.label, offset };
    return [...this.#notes, { level: 'note', code: 'tar/acl-without-ids', message, location }];
  }

  /** The next member, undefined after the last. ImageError `truncated` if the archive stops in one, `corrupt` on a bad header. */
  next(): TarMember | undefined {
    const pending: Pending = { pax: noRecords, path: undefined, linkPath: undefined };
    for (;;) {
      const header = this.#at;
      const block = this.#readHeader();
      if (!block) {
        if (pending.pax === noRecords && pending.path === undefined && pending.linkPath === undefined) return undefined;
        throw this.#error('corrupt', 'tar/header-without-member', 'the archive ends with an extended header', header);
      }
      const flag = String.fromCharCode(block[tarHeader.typeflag.offset] ?? 0);
      switch (flag) {
        case 'x':
        case 'X':
          pending.pax = parsePax(this.#readBody(header, block));
          break;
        case 'g':
          this.#global = merge(this.#global, parsePax(this.#readBody(header, block)));
          break;
        case 'L':
          pending.path = this.#readName(header, block);
          break;
        case 'K':
          pending.linkPath = this.#readName(header, block);
          break;
        case 'V':
          this.volumeLabel = decodeBytes(textBytes(block, tarHeader.name));
          this.#at = header + BLOCK;
          break;
        case 'M':
          throw this.#error('unsupported', 'tar/multi-volume', 'this is a part of a multi-volume archive', header);
        default:
          return this.#readMember(header, block, flag, pending);
      }
    }
  }

  /** The block at the current place; undefined at the end of the archive. */
  #readHeader(): Uint8Array | undefined {
    const left = this.#source.size - this.#at;
    if (left < BLOCK) {
      if (left > 0 && !isZeroBlock(this.#source.read(this.#at, left))) {
        throw this.#error('truncated', 'tar/truncated', 'the archive ends in the middle of a header', this.#at);
      }
      const message = 'the archive has no end marker: nothing shows that it is complete';
      const location = { source: this.#source.label, offset: this.#at };
      this.#notes.push({ level: 'damage', code: 'tar/no-end-marker', message, location, touches: 'everything' });
      return undefined;
    }
    const block = this.#headers.read(this.#at, BLOCK);
    if (isZeroBlock(block)) {
      this.#lookBehindEnd();
      return undefined;
    }
    if (!hasValidChecksum(block)) {
      throw this.#error('corrupt', 'tar/bad-checksum', 'the checksum of a header does not match', this.#at);
    }
    return block;
  }

  #readMember(header: number, block: Uint8Array, flag: string, pending: Pending): TarMember {
    const pax = merge(this.#global, pending.pax);
    const storedName = headerName(block);
    const path = paxText(pax, 'GNU.sparse.name') ?? paxText(pax, 'path') ?? pending.path ?? storedName;
    const known = types.get(flag);
    if (known === undefined) {
      this.#note('tar/unknown-type', `a member has the unknown type ${JSON.stringify(flag)}: taken for a file`, header);
    }
    const isOldDirectory = (flag === '\0' || flag === '0') && path.endsWith('/');
    const type = isOldDirectory ? 'directory' : (known ?? 'file');
    const linkPath =
      type === 'symlink' || type === 'hard-link'
        ? (paxText(pax, 'linkpath') ?? pending.linkPath ?? decodeBytes(textBytes(block, tarHeader.linkname)))
        : '';
    const isDevice = type === 'character' || type === 'block';
    const { xattrs, hasUnreadList } = pax.size === 0 ? noXattrs : this.#readXattrs(pax, path, header);
    const mode = parseNumber(block, tarHeader.mode) & 0o7777;
    const uid = paxNumber(pax, 'uid') ?? parseNumber(block, tarHeader.uid);
    const gid = paxNumber(pax, 'gid') ?? parseNumber(block, tarHeader.gid);
    const mtime = paxTime(pax, 'mtime') ?? { seconds: parseNumber(block, tarHeader.mtime), nanoseconds: 0 };
    const device = isDevice
      ? { major: parseNumber(block, tarHeader.devmajor), minor: parseNumber(block, tarHeader.devminor) }
      : undefined;
    const declared = paxNumber(pax, 'size') ?? parseNumber(block, tarHeader.size);
    // From here on `block` may no longer be valid: other blocks are read.
    const old = flag === 'S' ? readOldSparse(this.#source, header, Uint8Array.from(block), this.#limits) : undefined;
    const data = header + BLOCK + (old?.extensionBytes ?? 0);
    const hasContent = type === 'file' || flag === 'D' || !this.#startsHeader(data);
    const stored = hasContent ? declared : 0;
    this.#skip(header, data, stored);
    const { size, sparse } = describeContent(pax, type === 'file' ? stored : 0, old);
    const atime = paxTime(pax, 'atime');
    const ctime = paxTime(pax, 'ctime');
    const crtime = paxTime(pax, 'LIBARCHIVE.creationtime');
    // One literal: archives have hundreds of thousands of members, and spreading is several times slower.
    return {
      path,
      type,
      linkPath,
      mode,
      uid,
      gid,
      size,
      mtime,
      atime,
      ctime,
      crtime,
      device,
      xattrs,
      hasUnreadList,
      offset: header,
      data,
      stored,
      sparse,
    };
  }

  /** Some programs write a size into headers of links and directories that have no content: then a header follows. */
  #startsHeader(at: number): boolean {
    if (at + BLOCK > this.#source.size) return true;
    const block = this.#headers.read(at, BLOCK);
    return isZeroBlock(block) || hasValidChecksum(block);
  }

  /** Content of an extended header. */
  #readBody(header: number, block: Uint8Array): Uint8Array {
    const size = parseNumber(block, tarHeader.size);
    const location = { source: this.#source.label, offset: header };
    if (size > this.#limits.headerBytes)
      throw limitExceeded('headerBytes', this.#limits, 'an extended header', location);
    this.#skip(header, header + BLOCK, size);
    return this.#headers.read(header + BLOCK, size);
  }

  #readName(header: number, block: Uint8Array): string {
    const bytes = this.#readBody(header, block);
    const end = bytes.indexOf(0);
    return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
  }

  #skip(header: number, data: number, size: number): void {
    if (size < 0) throw this.#error('corrupt', 'tar/bad-number', `a member has a size of ${size}`, header);
    if (data + size > this.#source.size) {
      const message = `the archive is cut off: a member needs the bytes up to ${data + size}, the archive has ${this.#source.size}`;
      throw this.#error('truncated', 'tar/truncated', message, header);
    }
    this.#at = data + Math.ceil(size / BLOCK) * BLOCK;
  }

  #lookBehindEnd(): void {
    const rest = Math.min(this.#source.size - this.#at, TAIL_BYTES);
    for (let done = 0; done < rest; done += BLOCK) {
      const length = Math.min(BLOCK, rest - done);
      if (isZeroBlock(this.#source.read(this.#at + done, length))) continue;
      this.#note('tar/data-after-end', 'there is data after the end marker: it was not read', this.#at + done);
      return;
    }
  }

  #readXattrs(pax: PaxRecords, path: string, header: number): PaxAttributes {
    const found = paxXattrs(pax);
    if (found.hasUnreadList) {
      this.#unreadLists ??= { count: 0, path, offset: header };
      this.#unreadLists.count++;
    }
    let bytes = 0;
    for (const value of found.xattrs.values()) bytes += value.length;
    const location = { source: this.#source.label, offset: header };
    if (bytes > this.#limits.xattrBytes)
      throw limitExceeded('xattrBytes', this.#limits, 'extended attributes', location);
    return found.xattrs.size === 0 && !found.hasUnreadList ? noXattrs : found;
  }

  /** Once for each code: a hostile archive could repeat one without end. */
  #note(code: string, message: string, offset: number): void {
    if (this.#notes.some((diagnostic) => diagnostic.code === code)) return;
    this.#notes.push({ level: 'note', code, message, location: { source: this.#source.label, offset } });
  }

  #error(kind: ImageErrorKind, code: string, message: string, offset: number): ImageError {
    return new ImageError(kind, code, message, { location: { source: this.#source.label, offset } });
  }
}

/** `prefix/name` in ustar headers; GNU keeps other things in the prefix. */
function headerName(block: Uint8Array): string {
  const name = decodeBytes(textBytes(block, tarHeader.name));
  if (readDialect(block) !== 'ustar') return name;
  const prefix = decodeBytes(textBytes(block, tarHeader.prefix));
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Size and sparse map of a file of `stored` bytes. */
function describeContent(
  pax: PaxRecords,
  stored: number,
  old: OldSparse | undefined,
): Pick<TarMember, 'size' | 'sparse'> {
  if (old) return { size: old.realSize, sparse: old.map };
  const realSize = paxNumber(pax, 'GNU.sparse.realsize') ?? paxNumber(pax, 'GNU.sparse.size');
  if (realSize === undefined) return { size: stored, sparse: undefined };
  if (paxNumber(pax, 'GNU.sparse.major') === 1) return { size: realSize, sparse: 'in-data' };
  const map = pax.get('GNU.sparse.map');
  return { size: realSize, sparse: map && map.length > 0 ? parseSparseMap(map) : [] };
}

/** Records of a member: its own win over the global ones, and an empty value takes a global one back. */
function merge(outer: PaxRecords, inner: PaxRecords): PaxRecords {
  if (outer.size === 0) return inner;
  return inner.size === 0 ? outer : new Map([...outer, ...inner]);
}
