/**
 * An ELF file opened for questions: header, segments and sections, each read when asked and once. Counts that do not fit the header
 * (e_phnum, e_shnum, e_shstrndx) are taken from section 0 (gABI "Extended numbering"). Relocations, symbols and debug
 * data are not read here.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { type NumberField, Struct } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import {
  type ElfClass,
  type Endianness,
  elfFields,
  fileHeader,
  identification,
  programHeader,
  sectionHeader,
  structureSizes,
} from './elf-structures.ts';

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;
export const SHT_NOTE = 7;
export const SHT_NOBITS = 8;

const PN_XNUM = 0xffff;
const SHN_XINDEX = 0xffff;
/** Headers of either kind that are read at most; the largest real files have some ten thousand sections. */
const MAX_HEADERS = 1 << 20;

export interface ElfHeader {
  readonly class: ElfClass;
  readonly endianness: Endianness;
  readonly type: number;
  readonly machine: number;
  readonly flags: number;
  readonly entry: number;
}

export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  /** Bytes in the file; memory beyond is zero. */
  readonly fileSize: number;
  readonly memorySize: number;
}

export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** Whether the source starts with the ELF magic. Never throws. */
export function detectElf(source: ByteSource): boolean {
  if (source.size < 16) return false;
  const magic = source.read(0, 4);
  return magic[0] === 0x7f && magic[1] === 0x45 && magic[2] === 0x4c && magic[3] === 0x46;
}

/** Opens an ELF file: its header is checked here, everything else when asked for. ImageError if the header makes no sense. */
export function openElf(source: ByteSource): ElfFile {
  return new ElfFile(source);
}

export class ElfFile {
  readonly source: ByteSource;
  readonly header: ElfHeader;
  readonly #tables: { readonly phoff: number; readonly phnum: number; readonly shoff: number; readonly shnum: number };
  readonly #namesIndex: number;
  #segments: readonly Segment[] | undefined;
  #sections: readonly Section[] | undefined;

  constructor(source: ByteSource) {
    this.source = source;
    if (!detectElf(source)) throw this.corrupt('elf/no-magic', 'it is not an ELF file', 0);
    const start = new Struct(Uint8Array.from(source.read(0, 16)));
    const elfClass = { 1: 32, 2: 64 }[start.get(identification.EI_CLASS)] as ElfClass | undefined;
    const endianness = { 1: 'little', 2: 'big' }[start.get(identification.EI_DATA)] as Endianness | undefined;
    if (!elfClass) throw this.corrupt('elf/bad-class', 'its class is neither 32 nor 64 bit', 4);
    if (!endianness) throw this.corrupt('elf/bad-byte-order', 'its byte order is neither little nor big endian', 5);
    const struct = new Struct(Uint8Array.from(source.read(0, structureSizes.fileHeader[elfClass])));
    const fields = elfFields(fileHeader, elfClass, endianness);
    this.header = {
      class: elfClass,
      endianness,
      type: struct.get(fields.e_type),
      machine: struct.get(fields.e_machine),
      flags: struct.get(fields.e_flags),
      entry: struct.get(fields.e_entry),
    };
    this.#requireEntrySize('program', struct.get(fields.e_phnum), struct.get(fields.e_phentsize), fields.e_phentsize);
    const shoff = struct.get(fields.e_shoff);
    if (shoff !== 0) this.#requireEntrySize('section', 1, struct.get(fields.e_shentsize), fields.e_shentsize);
    this.#tables = {
      phoff: struct.get(fields.e_phoff),
      phnum: struct.get(fields.e_phnum),
      shoff,
      shnum: struct.get(fields.e_shnum),
    };
    this.#namesIndex = struct.get(fields.e_shstrndx);
  }

  /** Program headers in their order. ImageError if the table does not lie in the file. */
  get segments(): readonly Segment[] {
    this.#segments ??= this.#readSegments();
    return this.#segments;
  }

  /** Section headers in their order, empty if the file has none. ImageError if the table or its names do not lie in the file. */
  get sections(): readonly Section[] {
    this.#sections ??= this.#readSections();
    return this.#sections;
  }

  /** File offset of `length` bytes at a virtual address, undefined if no loaded segment has them in the file. */
  offsetOf(address: number, length = 1): number | undefined {
    for (const segment of this.segments) {
      if (segment.type !== PT_LOAD || address < segment.address) continue;
      const into = address - segment.address;
      if (into + length <= segment.fileSize) return segment.offset + into;
    }
    return undefined;
  }

  /** A copy of `length` bytes of the file at `offset`. */
  bytesAt(offset: number, length: number): Uint8Array {
    return Uint8Array.from(this.source.read(offset, length));
  }

  /** The error for bytes of this file that contradict the format. */
  corrupt(code: string, what: string, offset: number): ImageError {
    return new ImageError('corrupt', code, `${this.source.label}: ${what}`, {
      location: { source: this.source.label, offset },
      remedy: 'the file is damaged: build or install it again',
    });
  }

  #requireEntrySize(kind: 'program' | 'section', count: number, found: number, field: NumberField): void {
    const wanted = structureSizes[kind === 'program' ? 'programHeader' : 'sectionHeader'][this.header.class];
    if (count === 0 || found === wanted) return;
    throw this.corrupt('elf/bad-entry-size', `a ${kind} header of ${found} bytes, not ${wanted}`, field.offset);
  }

  #readTable(offset: number, count: number, size: number, what: string): Struct {
    if (count > MAX_HEADERS) throw this.corrupt('elf/too-many-headers', `${count} ${what} headers`, offset);
    if (offset + count * size > this.source.size)
      throw this.corrupt('elf/headers-outside', `its ${what} headers lie past its end (${count} at ${offset})`, offset);
    return new Struct(this.bytesAt(offset, count * size));
  }

  #readSegments(): readonly Segment[] {
    const { phoff, phnum } = this.#tables;
    const { class: elfClass, endianness } = this.header;
    const count = phnum === PN_XNUM ? this.#sectionZero('sh_info') : phnum;
    const size = structureSizes.programHeader[elfClass];
    const table = this.#readTable(phoff, count, size, 'program');
    const fields = elfFields(programHeader, elfClass, endianness);
    return Array.from({ length: count }, (_, index) => {
      const get = (name: keyof typeof programHeader): number => fieldAt(table, fields[name], index * size);
      return {
        type: get('p_type'),
        flags: get('p_flags'),
        offset: get('p_offset'),
        address: get('p_vaddr'),
        fileSize: get('p_filesz'),
        memorySize: get('p_memsz'),
      };
    });
  }

  #readSections(): readonly Section[] {
    const { shoff, shnum } = this.#tables;
    if (shoff === 0) return [];
    const { class: elfClass, endianness } = this.header;
    const count = shnum === 0 ? this.#sectionZero('sh_size') : shnum;
    const size = structureSizes.sectionHeader[elfClass];
    const table = this.#readTable(shoff, count, size, 'section');
    const fields = elfFields(sectionHeader, elfClass, endianness);
    const get = (index: number, name: keyof typeof sectionHeader): number => fieldAt(table, fields[name], index * size);
    const namesIndex = this.#namesIndex === SHN_XINDEX ? this.#sectionZero('sh_link') : this.#namesIndex;
    const names = this.#sectionNames(namesIndex, count, (name) => get(namesIndex, name));
    return Array.from({ length: count }, (_, index) => ({
      name: names === undefined ? '' : this.stringIn(names, get(index, 'sh_name')),
      type: get(index, 'sh_type'),
      flags: get(index, 'sh_flags'),
      address: get(index, 'sh_addr'),
      offset: get(index, 'sh_offset'),
      size: get(index, 'sh_size'),
      link: get(index, 'sh_link'),
    }));
  }

  #sectionNames(index: number, count: number, get: (name: 'sh_offset' | 'sh_size') => number): Uint8Array | undefined {
    if (index === 0) return undefined;
    if (index >= count) throw this.corrupt('elf/bad-names-section', `no section ${index} of names`, 0);
    const offset = get('sh_offset');
    const size = get('sh_size');
    if (offset + size > this.source.size)
      throw this.corrupt('elf/bad-names-section', 'its section names lie past its end', offset);
    return this.bytesAt(offset, size);
  }

  /** The NUL-terminated string at `at` of a string table. ImageError if it starts outside or does not end. */
  stringIn(table: Uint8Array, at: number): string {
    const end = at < table.length ? table.indexOf(0, at) : -1;
    if (end < 0) throw this.corrupt('elf/bad-string', `no string at ${at} of a table of ${table.length} bytes`, 0);
    return decodeBytes(table.subarray(at, end));
  }

  #sectionZero(name: 'sh_info' | 'sh_size' | 'sh_link'): number {
    const { shoff } = this.#tables;
    const { class: elfClass, endianness } = this.header;
    if (shoff === 0) throw this.corrupt('elf/no-section-zero', 'a count is kept in section 0, and there is none', 0);
    const table = this.#readTable(shoff, 1, structureSizes.sectionHeader[elfClass], 'section');
    return table.get(elfFields(sectionHeader, elfClass, endianness)[name]);
  }
}

function fieldAt(table: Struct, field: NumberField, base: number): number {
  return table.get({ offset: field.offset + base, type: field.type });
}
