/**
 * /etc/ld.so.cache as ldconfig(8) writes it: the new format (`glibc-ld.so.cache1.1`), alone or behind the table of the old one
 * (`ld.so-1.7.0`). Integers have the byte order of the machine it is for. Extensions (generator, names of hwcaps) are not read.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { type NumberField, Struct, u32be, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';

const oldMagic = 'ld.so-1.7.0';
const newMagic = 'glibc-ld.so.cache1.1';
const OLD_HEADER = 16;
const OLD_ENTRY = 12;
const NEW_HEADER = 48;
const NEW_ENTRY = 24;

/** struct cache_file_new and struct file_entry_new of glibc's dl-cache.h. */
const fields = (integer: (offset: number) => NumberField) => ({
  oldCount: integer(12),
  nlibs: integer(20),
  flags: integer(0),
  key: integer(4),
  value: integer(8),
  hwcapLow: integer(16),
  hwcapHigh: integer(20),
});
const layouts = { little: fields(u32le), big: fields(u32be) };

/** Flags of an entry for the machines that have one kind of their own; libraries of glibc 2 (`3`) in the low byte. */
const flagsByArchitecture: Readonly<Record<string, number>> = {
  i386: 0x0003,
  sparc64: 0x0103,
  amd64: 0x0303,
  s390x: 0x0403,
  ppc64: 0x0503,
  mipsn32el: 0x0603,
  mips64el: 0x0703,
  x32: 0x0803,
  armhf: 0x0903,
  arm64: 0x0a03,
  armel: 0x0b03,
  riscv64: 0x1003,
  loong64: 0x1203,
};

export interface CacheEntry {
  readonly path: string;
  /** Kind of machine and library. */
  readonly flags: number;
  /** It is for some processors only. */
  readonly isForProcessor: boolean;
}

/** Entries by library name, in the order the loader meets them. ImageError if the bytes are no such cache. */
export function parseLdSoCache(
  bytes: Uint8Array,
  endianness: 'little' | 'big',
  location: Location,
): ReadonlyMap<string, readonly CacheEntry[]> {
  const corrupt = (what: string): ImageError =>
    new ImageError('corrupt', 'libraries/bad-cache', `the loader's cache ${what}`, {
      location,
      remedy: 'write it again with ldconfig',
    });
  const layout = layouts[endianness];
  const start = findNewTable(bytes, layout.oldCount);
  if (start === undefined) throw corrupt('has no table of libraries');
  // String offsets count from the start of the new table.
  const table = bytes.subarray(start);
  const count = new Struct(table).get(layout.nlibs);
  if (NEW_HEADER + count * NEW_ENTRY > table.length) throw corrupt(`ends within its ${count} entries`);
  const text = (at: number): string => {
    const end = at < table.length ? table.indexOf(0, at) : -1;
    if (end < 0) throw corrupt(`has no string at ${at}`);
    return decodeBytes(table.subarray(at, end));
  };
  const struct = new Struct(table);
  const entries = new Map<string, CacheEntry[]>();
  for (let index = 0; index < count; index++) {
    const row = struct.at(NEW_HEADER + index * NEW_ENTRY);
    const entry = {
      path: text(row.get(layout.value)),
      flags: row.get(layout.flags),
      isForProcessor: row.get(layout.hwcapLow) !== 0 || row.get(layout.hwcapHigh) !== 0,
    };
    const name = text(row.get(layout.key));
    const same = entries.get(name);
    if (same) same.push(entry);
    else entries.set(name, [entry]);
  }
  return entries;
}

/** Entries of libraries that need no libc say nothing of the machine. */
const ANY_MACHINE = 1;

/** The entries a loader of that architecture takes, those for every processor first. */
export function entriesFor(entries: readonly CacheEntry[], architecture: string): readonly CacheEntry[] {
  const wanted = flagsByArchitecture[architecture];
  const fitting =
    wanted === undefined ? entries : entries.filter(({ flags }) => flags === wanted || flags === ANY_MACHINE);
  return [...fitting.filter((one) => !one.isForProcessor), ...fitting.filter((one) => one.isForProcessor)];
}

function findNewTable(bytes: Uint8Array, oldCount: NumberField): number | undefined {
  if (startsWith(bytes, 0, newMagic) && bytes.length >= NEW_HEADER) return 0;
  if (!startsWith(bytes, 0, oldMagic) || bytes.length < OLD_HEADER) return undefined;
  const end = OLD_HEADER + new Struct(bytes).get(oldCount) * OLD_ENTRY;
  // Aligned as the table is on that machine: 8 bytes, 4 on those of 32 bits.
  for (const at of [Math.ceil(end / 8) * 8, Math.ceil(end / 4) * 4])
    if (startsWith(bytes, at, newMagic) && bytes.length >= at + NEW_HEADER) return at;
  return undefined;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}
