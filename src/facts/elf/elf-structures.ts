/**
 * ELF structures (System V gABI chapters 4 and 5): one table per structure for both classes and both byte orders. A row is the
 * field's offset in the 32-bit and in the 64-bit form, and its type. `offset` and `address` are 4 or 8 bytes with the class; of 64-bit
 * addresses the low 53 bits are kept, signed: those of kernels and firmware lie anywhere in the range, and only distances count.
 */
import {
  address64be,
  address64le,
  type NumberField,
  u8,
  u16be,
  u16le,
  u32be,
  u32le,
  u64be,
  u64le,
} from '../../bytes/struct.ts';

export type ElfClass = 32 | 64;
export type Endianness = 'little' | 'big';
type Row = readonly [offset32: number, offset64: number, type: 'half' | 'word' | 'offset' | 'address'];

/** e_ident: the same in every file. */
export const identification = { EI_CLASS: u8(4), EI_DATA: u8(5), EI_VERSION: u8(6), EI_OSABI: u8(7) } as const;

export const fileHeader = {
  e_type: [16, 16, 'half'],
  e_machine: [18, 18, 'half'],
  e_version: [20, 20, 'word'],
  e_entry: [24, 24, 'address'],
  e_phoff: [28, 32, 'offset'],
  e_shoff: [32, 40, 'offset'],
  e_flags: [36, 48, 'word'],
  e_ehsize: [40, 52, 'half'],
  e_phentsize: [42, 54, 'half'],
  e_phnum: [44, 56, 'half'],
  e_shentsize: [46, 58, 'half'],
  e_shnum: [48, 60, 'half'],
  e_shstrndx: [50, 62, 'half'],
} as const satisfies Readonly<Record<string, Row>>;

export const programHeader = {
  p_type: [0, 0, 'word'],
  p_flags: [24, 4, 'word'],
  p_offset: [4, 8, 'offset'],
  p_vaddr: [8, 16, 'address'],
  p_filesz: [16, 32, 'offset'],
  p_memsz: [20, 40, 'offset'],
} as const satisfies Readonly<Record<string, Row>>;

export const sectionHeader = {
  sh_name: [0, 0, 'word'],
  sh_type: [4, 4, 'word'],
  sh_flags: [8, 8, 'offset'],
  sh_addr: [12, 16, 'address'],
  sh_offset: [16, 24, 'offset'],
  sh_size: [20, 32, 'offset'],
  sh_link: [24, 40, 'word'],
  sh_info: [28, 44, 'word'],
} as const satisfies Readonly<Record<string, Row>>;

export const dynamicEntry = {
  d_tag: [0, 0, 'address'],
  d_val: [4, 8, 'address'],
} as const satisfies Readonly<Record<string, Row>>;

/** Elf32_Verneed and Elf64_Verneed are the same; so are the three below (gABI "Symbol Versioning" of the LSB). */
export const versionNeed = {
  vn_version: [0, 0, 'half'],
  vn_cnt: [2, 2, 'half'],
  vn_file: [4, 4, 'word'],
  vn_aux: [8, 8, 'word'],
  vn_next: [12, 12, 'word'],
} as const satisfies Readonly<Record<string, Row>>;

export const versionNeedAux = {
  vna_hash: [0, 0, 'word'],
  vna_flags: [4, 4, 'half'],
  vna_other: [6, 6, 'half'],
  vna_name: [8, 8, 'word'],
  vna_next: [12, 12, 'word'],
} as const satisfies Readonly<Record<string, Row>>;

export const versionDefinition = {
  vd_version: [0, 0, 'half'],
  vd_flags: [2, 2, 'half'],
  vd_ndx: [4, 4, 'half'],
  vd_cnt: [6, 6, 'half'],
  vd_hash: [8, 8, 'word'],
  vd_aux: [12, 12, 'word'],
  vd_next: [16, 16, 'word'],
} as const satisfies Readonly<Record<string, Row>>;

export const versionDefinitionAux = {
  vda_name: [0, 0, 'word'],
  vda_next: [4, 4, 'word'],
} as const satisfies Readonly<Record<string, Row>>;

export const noteHeader = {
  n_namesz: [0, 0, 'word'],
  n_descsz: [4, 4, 'word'],
  n_type: [8, 8, 'word'],
} as const satisfies Readonly<Record<string, Row>>;

/** Bytes of one structure by class. */
export const structureSizes = {
  fileHeader: { 32: 52, 64: 64 },
  programHeader: { 32: 32, 64: 56 },
  sectionHeader: { 32: 40, 64: 64 },
  dynamicEntry: { 32: 8, 64: 16 },
  noteHeader: { 32: 12, 64: 12 },
} as const;

/** The fields of a structure in one class and byte order. */
export function elfFields<T extends Readonly<Record<string, Row>>>(
  structure: T,
  elfClass: ElfClass,
  endianness: Endianness,
): Readonly<Record<keyof T, NumberField>> {
  const little = endianness === 'little';
  const half = little ? u16le : u16be;
  const word = little ? u32le : u32be;
  const offset = elfClass === 32 ? word : little ? u64le : u64be;
  const address = elfClass === 32 ? word : little ? address64le : address64be;
  const make = { half, word, offset, address };
  const rows = Object.entries<Row>(structure).map(
    ([name, [offset32, offset64, type]]) => [name, make[type](elfClass === 32 ? offset32 : offset64)] as const,
  );
  return Object.fromEntries(rows) as Record<keyof T, NumberField>;
}
