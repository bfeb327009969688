/**
 * What the dynamic linker is asked for: PT_DYNAMIC entries, strings from DT_STRTAB as the loader sees it, through the PT_LOAD
 * segments (gABI "Dynamic Section"). Section headers are not needed and not believed.
 */
import { Struct } from '../../bytes/struct.ts';
import { type ElfFile, PT_DYNAMIC, PT_INTERP } from './elf-file.ts';
import { dynamicEntry, elfFields, structureSizes } from './elf-structures.ts';

export const DT = {
  NULL: 0,
  NEEDED: 1,
  STRTAB: 5,
  STRSZ: 10,
  SONAME: 14,
  RPATH: 15,
  RUNPATH: 29,
  FLAGS_1: 0x6ffffffb,
  VERDEF: 0x6ffffffc,
  VERDEFNUM: 0x6ffffffd,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
} as const;
const DF_1_PIE = 0x08000000;
const DF_1_NODEFLIB = 0x00000800;

/** Bounds of what is believed: no real program comes near. */
const MAX_DYNAMIC_BYTES = 1 << 20;
const MAX_STRING_BYTES = 16 << 20;
const MAX_INTERPRETER_BYTES = 4096;

export interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
}

export interface DynamicSection {
  /** All entries before DT_NULL, for readers of further tags. */
  readonly entries: readonly DynamicEntry[];
  readonly needed: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** DF_1_PIE: a program at any address, not a library. */
  readonly isPie: boolean;
  /** DF_1_NODEFLIB: its libraries are not looked for in the default directories. */
  readonly skipsDefaultDirectories: boolean;
  /** The string at an offset of DT_STRTAB. ImageError if there is none. */
  readonly stringAt: (offset: number) => string;
}

/** Path of the program interpreter, undefined if the kernel starts the file itself. */
export function readInterpreter(elf: ElfFile): string | undefined {
  const segment = elf.segments.find(({ type }) => type === PT_INTERP);
  if (!segment) return undefined;
  const { offset, fileSize } = segment;
  if (fileSize === 0 || fileSize > MAX_INTERPRETER_BYTES || offset + fileSize > elf.source.size)
    throw elf.corrupt('elf/bad-interpreter', `an interpreter name of ${fileSize} bytes at ${offset}`, offset);
  return elf.stringIn(elf.bytesAt(offset, fileSize), 0);
}

/** The dynamic section, undefined if there is none. ImageError if it, or a string it names, does not lie in the file. */
export function readDynamicSection(elf: ElfFile): DynamicSection | undefined {
  const segment = elf.segments.find(({ type }) => type === PT_DYNAMIC);
  // A detached debug file keeps the header of a segment that has no bytes in it.
  if (!segment || segment.fileSize === 0) return undefined;
  const { offset, fileSize } = segment;
  if (fileSize > MAX_DYNAMIC_BYTES || offset + fileSize > elf.source.size)
    throw elf.corrupt('elf/bad-dynamic', `a dynamic section of ${fileSize} bytes at ${offset}`, offset);
  const entries = readEntries(elf, offset, fileSize);
  const taggedValue = (tag: number): number | undefined => entries.find((entry) => entry.tag === tag)?.value;
  const strings = readStrings(elf, taggedValue(DT.STRTAB), taggedValue(DT.STRSZ));
  const text = (value: number): string => {
    if (!strings) throw elf.corrupt('elf/no-string-table', 'its dynamic section has no string table', offset);
    return elf.stringIn(strings, value);
  };
  const textOf = (tag: number): string | undefined => {
    const value = taggedValue(tag);
    return value === undefined ? undefined : text(value);
  };
  const soname = textOf(DT.SONAME);
  const rpath = textOf(DT.RPATH);
  const runpath = textOf(DT.RUNPATH);
  return {
    entries,
    needed: entries.filter(({ tag }) => tag === DT.NEEDED).map(({ value }) => text(value)),
    ...(soname === undefined ? {} : { soname }),
    ...(rpath === undefined ? {} : { rpath }),
    ...(runpath === undefined ? {} : { runpath }),
    isPie: hasFlag(taggedValue(DT.FLAGS_1), DF_1_PIE),
    skipsDefaultDirectories: hasFlag(taggedValue(DT.FLAGS_1), DF_1_NODEFLIB),
    stringAt: text,
  };
}

function hasFlag(flags: number | undefined, flag: number): boolean {
  return Math.floor((flags ?? 0) / flag) % 2 === 1;
}

function readEntries(elf: ElfFile, offset: number, length: number): readonly DynamicEntry[] {
  const { class: elfClass, endianness } = elf.header;
  const size = structureSizes.dynamicEntry[elfClass];
  const fields = elfFields(dynamicEntry, elfClass, endianness);
  const bytes = elf.bytesAt(offset, length);
  const entries: DynamicEntry[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    const entry = new Struct(bytes, at);
    const tag = entry.get(fields.d_tag);
    if (tag === DT.NULL) break;
    entries.push({ tag, value: entry.get(fields.d_val) });
  }
  return entries;
}

function readStrings(elf: ElfFile, address: number | undefined, size: number | undefined): Uint8Array | undefined {
  if (address === undefined || size === undefined || size === 0) return undefined;
  const offset = elf.offsetOf(address, size);
  if (size > MAX_STRING_BYTES || offset === undefined || offset + size > elf.source.size)
    throw elf.corrupt('elf/bad-string-table', `no ${size} bytes of strings at address ${address}`, address);
  return elf.bytesAt(offset, size);
}
