/**
 * Go's build information: a 32-byte header `\xff Go buildinf:` in section .go.buildinfo or, in files without sections, at a
 * multiple of 16 in the data segment. Since Go 1.18 two length-prefixed strings follow it; before, two pointers to Go string headers.
 * The second string is the module text between two 16-byte marks. Dependencies are not read.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u32be, u32le, u64be, u64le } from '../../bytes/struct.ts';
import { asImageError } from '../../errors.ts';
import { createTable } from '../../table.ts';
import type { ElfFact } from './binary-fact.ts';
import { type ElfFile, PT_LOAD, SHT_NOBITS } from './elf-file.ts';

export interface GoBuildInfo {
  readonly info: NonNullable<ElfFact['go']>;
  /** Of the header in the file. */
  readonly offset: number;
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER = 32;
const ALIGNMENT = 16;
const IS_BIG_ENDIAN = 1;
const HAS_INLINE_STRINGS = 2;
const PF_X = 1;
const PF_W = 2;
/** Before and after the module text: 16 bytes each. */
const MARK = 16;
/** The module text of Kubernetes is some 50 KiB. */
const MAX_STRING = 4 << 20;
/** Bytes of segments searched in a file without sections, and read at a time. */
const MAX_SEARCH = 64 << 20;
const STEP = 1 << 20;

/** What `go version -m` prints; undefined if the file was not built by Go. ImageError if the information is damaged. */
export function readGoBuildInfo(elf: ElfFile): GoBuildInfo | undefined {
  const offset = findHeader(elf);
  if (offset === undefined) return undefined;
  const header = elf.bytesAt(offset, HEADER);
  const flags = header[MAGIC.length + 1] as number;
  const [version, text] =
    (flags & HAS_INLINE_STRINGS) !== 0
      ? readInlineStrings(elf, offset + HEADER)
      : readPointedStrings(elf, header, offset, (flags & IS_BIG_ENDIAN) !== 0);
  return { info: { version, ...parseModuleText(text) }, offset };
}

function findHeader(elf: ElfFile): number | undefined {
  const sections = readSections(elf);
  if (sections.length > 0) {
    const section = sections.find(({ name, type }) => name === '.go.buildinfo' && type !== SHT_NOBITS);
    return section && isHeaderAt(elf, section.offset) ? section.offset : undefined;
  }
  const loads = elf.segments.filter(({ type, flags }) => type === PT_LOAD && (flags & PF_X) === 0);
  let budget = MAX_SEARCH;
  for (const wanted of [PF_W, 0]) {
    for (const { flags, offset, fileSize } of loads) {
      if ((flags & PF_W) !== wanted) continue;
      const length = Math.min(fileSize, budget, elf.source.size - offset);
      budget -= Math.max(0, length);
      const found = searchHeader(elf, offset, length);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Nothing that runs needs sections: damaged ones are as good as none, and the segments answer. */
function readSections(elf: ElfFile): ElfFile['sections'] {
  try {
    return elf.sections;
  } catch (error) {
    asImageError(error);
    return [];
  }
}

function isHeaderAt(elf: ElfFile, offset: number): boolean {
  if (offset + HEADER > elf.source.size) return false;
  return MAGIC.equals(elf.source.read(offset, MAGIC.length));
}

function searchHeader(elf: ElfFile, start: number, length: number): number | undefined {
  for (let done = 0; done + HEADER <= length; done += STEP) {
    const size = Math.min(STEP + HEADER, length - done);
    const bytes = elf.source.read(start + done, size);
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = chunk.indexOf(MAGIC); at >= 0; at = chunk.indexOf(MAGIC, at + 1)) {
      if ((done + at) % ALIGNMENT === 0 && at + HEADER <= size) return start + done + at;
    }
  }
  return undefined;
}

function readInlineStrings(elf: ElfFile, offset: number): readonly [string, Uint8Array] {
  const version = readPrefixed(elf, offset);
  const text = readPrefixed(elf, version.end);
  return [decodeBytes(version.bytes), text.bytes];
}

/** A string after its length as an unsigned LEB128 number. */
function readPrefixed(elf: ElfFile, offset: number): { readonly bytes: Uint8Array; readonly end: number } {
  let length = 0;
  let at = offset;
  for (let shift = 1; ; shift *= 128) {
    const byte = elf.source.read(at++, 1)[0] as number;
    length += (byte & 0x7f) * shift;
    if (length > MAX_STRING) throw elf.corrupt('elf/bad-build-info', 'a string of its Go build information', offset);
    if (byte < 0x80) break;
    if (at - offset > 9) throw elf.corrupt('elf/bad-build-info', 'a length of its Go build information', offset);
  }
  return { bytes: elf.bytesAt(at, length), end: at + length };
}

function readPointedStrings(
  elf: ElfFile,
  header: Uint8Array,
  offset: number,
  isBigEndian: boolean,
): readonly [string, Uint8Array] {
  const size = header[MAGIC.length];
  if (size !== 4 && size !== 8) throw elf.corrupt('elf/bad-build-info', `a Go pointer of ${size} bytes`, offset);
  const pointer = size === 8 ? (isBigEndian ? u64be : u64le) : isBigEndian ? u32be : u32le;
  const bytesOf = (at: number): Uint8Array => {
    const address = new Struct(header).get(pointer(at));
    if (address === 0) return new Uint8Array(0);
    const string = new Struct(readAddress(elf, address, 2 * size));
    const length = string.get(pointer(size));
    return length === 0 ? new Uint8Array(0) : readAddress(elf, string.get(pointer(0)), length);
  };
  return [decodeBytes(bytesOf(16)), bytesOf(16 + size)];
}

function readAddress(elf: ElfFile, address: number, length: number): Uint8Array {
  const offset = length > MAX_STRING ? undefined : elf.offsetOf(address, length);
  if (offset === undefined)
    throw elf.corrupt('elf/bad-build-info', `no ${length} bytes of Go build information at its address`, address);
  return elf.bytesAt(offset, length);
}

function parseModuleText(bytes: Uint8Array): Omit<GoBuildInfo['info'], 'version'> {
  // Go writes a newline before the closing mark; without it there is no module text.
  const isMarked = bytes.length > 2 * MARK && bytes[bytes.length - MARK - 1] === 0x0a;
  const text = isMarked ? decodeBytes(bytes.subarray(MARK, bytes.length - MARK)) : '';
  const settings = createTable<string>();
  let path: string | undefined;
  let module: { readonly path: string; readonly version: string } | undefined;
  for (const line of text.split('\n')) {
    const [kind, first = '', second = ''] = line.split('\t');
    if (kind === 'path') path = first;
    else if (kind === 'mod') module = { path: first, version: second };
    else if (kind === 'build') {
      const { key, value } = parseSetting(line.slice('build\t'.length));
      settings[key] = value;
    }
  }
  return { ...(path === undefined ? {} : { path }), ...(module === undefined ? {} : { module }), settings };
}

/** `key=value`, either part quoted as a Go string if it needs to be. */
function parseSetting(text: string): { readonly key: string; readonly value: string } {
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|`[^`]*`)/.exec(text)?.[0];
  const end = quoted?.length ?? text.indexOf('=');
  if (end < 0) return { key: text, value: '' };
  return { key: unquote(text.slice(0, end)), value: unquote(text.slice(end + 1)) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

function unquote(text: string): string {
  if (text.length >= 2 && text.startsWith('`') && text.endsWith('`')) return text.slice(1, -1);
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/g, (_all, byte, unit, simple) =>
      simple === undefined ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (escapes[simple] ?? simple),
    );
}
