/**
 * Versions of symbols: what an object asks of each library (DT_VERNEED) and what it offers itself (DT_VERDEF), by name, as GNU and
 * Solaris have them (LSB "Symbol Versioning"). Which symbol has which version (DT_VERSYM) is not read: the loader does not ask.
 */
import { type NumberField, Struct } from '../../bytes/struct.ts';
import { DT, type DynamicSection } from './dynamic.ts';
import { type ElfFile, PT_LOAD } from './elf-file.ts';
import { elfFields, versionDefinition, versionDefinitionAux, versionNeed, versionNeedAux } from './elf-structures.ts';

const VER_FLG_WEAK = 2;
/** More than any library has; libc of the oldest architectures has some sixty. */
const MAX_VERSIONS = 65_536;
const MAX_VERSION_BYTES = 4 << 20;
/** Holds the records of all but the largest libraries. */
const FIRST_READ = 16 << 10;
const LARGEST_RECORD = 20;

export interface NeededVersion {
  /** The library, as DT_NEEDED names it. */
  readonly library: string;
  readonly version: string;
  /** The loader goes on without it. */
  readonly isWeak: boolean;
}

/** Versions asked for, in file order. ImageError if the records do not lie in the file. */
export function readNeededVersions(elf: ElfFile, dynamic: DynamicSection): readonly NeededVersion[] {
  const table = openRecords(elf, dynamic, DT.VERNEED, DT.VERNEEDNUM);
  if (!table) return [];
  const { class: elfClass, endianness } = elf.header;
  const need = elfFields(versionNeed, elfClass, endianness);
  const aux = elfFields(versionNeedAux, elfClass, endianness);
  const found: NeededVersion[] = [];
  for (const record of chain(table, 0, need.vn_next, table.count)) {
    const library = dynamic.stringAt(record.get(need.vn_file));
    const first = record.base + record.get(need.vn_aux);
    for (const one of chain(table, first, aux.vna_next, record.get(need.vn_cnt))) {
      const version = dynamic.stringAt(one.get(aux.vna_name));
      found.push({ library, version, isWeak: (one.get(aux.vna_flags) & VER_FLG_WEAK) !== 0 });
      if (found.length > MAX_VERSIONS) throw elf.corrupt('elf/too-many-versions', 'it asks for too many versions', 0);
    }
  }
  return found;
}

/** Versions offered; undefined if the object has no versions at all, which satisfies every request. */
export function readDefinedVersions(elf: ElfFile, dynamic: DynamicSection): ReadonlySet<string> | undefined {
  const table = openRecords(elf, dynamic, DT.VERDEF, DT.VERDEFNUM);
  if (!table) return undefined;
  const { class: elfClass, endianness } = elf.header;
  const definition = elfFields(versionDefinition, elfClass, endianness);
  const aux = elfFields(versionDefinitionAux, elfClass, endianness);
  const names = new Set<string>();
  for (const record of chain(table, 0, definition.vd_next, table.count)) {
    // The first name is the version itself, those after it are its parents.
    const name = table.at(record.base + record.get(definition.vd_aux));
    names.add(dynamic.stringAt(name.get(aux.vda_name)));
  }
  return names;
}

/** Records of one table: read in pieces, because only the count of the first kind is known beforehand. */
class Records {
  readonly count: number;
  readonly #elf: ElfFile;
  readonly #offset: number;
  readonly #available: number;
  #bytes: Struct;
  #length: number;

  constructor(elf: ElfFile, offset: number, available: number, count: number) {
    this.#elf = elf;
    this.#offset = offset;
    this.#available = available;
    this.count = count;
    this.#length = Math.min(available, FIRST_READ);
    this.#bytes = new Struct(elf.bytesAt(offset, this.#length));
  }

  /** The record `base` bytes behind the first. */
  at(base: number): Struct {
    if (base < 0 || base > this.#available)
      throw this.#elf.corrupt('elf/bad-versions', `a version record ${base} bytes behind the first`, this.#offset);
    if (base + LARGEST_RECORD > this.#length && this.#length < this.#available) {
      this.#length = this.#available;
      this.#bytes = new Struct(this.#elf.bytesAt(this.#offset, this.#length));
    }
    return this.#bytes.at(base);
  }
}

function openRecords(elf: ElfFile, { entries }: DynamicSection, tag: number, countTag: number): Records | undefined {
  const tagged = (wanted: number): number | undefined => entries.find((entry) => entry.tag === wanted)?.value;
  const address = tagged(tag);
  if (address === undefined) return undefined;
  const count = tagged(countTag) ?? 0;
  const offset = elf.offsetOf(address);
  const segment = elf.segments.find(
    (one) => one.type === PT_LOAD && offset !== undefined && offset >= one.offset && offset < one.offset + one.fileSize,
  );
  if (offset === undefined || !segment || count > MAX_VERSIONS)
    throw elf.corrupt('elf/bad-versions', `no ${count} version records at address ${address}`, 0);
  const end = Math.min(segment.offset + segment.fileSize, elf.source.size, offset + MAX_VERSION_BYTES);
  return new Records(elf, offset, Math.max(0, end - offset), count);
}

/** Records linked by relative offsets, 0 in the last: at most `count` of them. */
function* chain(records: Records, first: number, next: NumberField, count: number): Generator<Struct> {
  for (let at = first, left = count; left > 0; left--) {
    const record = records.at(at);
    yield record;
    const step = record.get(next);
    if (step === 0) return;
    at += step;
  }
}
