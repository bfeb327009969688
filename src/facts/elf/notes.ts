/**
 * Notes of an ELF file, and the build id among them: type 3 of owner `GNU` (gABI "Note Section"; NT_GNU_BUILD_ID). Names
 * and descriptions are padded to 4 bytes, in segments aligned to 8 too: that is what the tools write.
 */
import { Struct } from '../../bytes/struct.ts';
import { type ElfFile, PT_NOTE, SHT_NOTE } from './elf-file.ts';
import { elfFields, noteHeader, structureSizes } from './elf-structures.ts';

const NT_GNU_BUILD_ID = 3;
const HEADER = structureSizes.noteHeader[64];
/** Bytes of notes looked at; a build id comes in the first hundred. */
const MAX_NOTE_BYTES = 1 << 16;

/** The build id in hex, undefined if there is none. */
export function readBuildId(elf: ElfFile): string | undefined {
  for (const { type, offset, fileSize } of elf.segments) {
    if (type !== PT_NOTE) continue;
    const id = buildIdIn(elf, offset, fileSize);
    if (id !== undefined) return id;
  }
  if (elf.segments.length > 0) return undefined;
  for (const { type, offset, size } of elf.sections) {
    if (type !== SHT_NOTE) continue;
    const id = buildIdIn(elf, offset, size);
    if (id !== undefined) return id;
  }
  return undefined;
}

function buildIdIn(elf: ElfFile, offset: number, size: number): string | undefined {
  if (offset + size > elf.source.size) throw elf.corrupt('elf/bad-note', `notes of ${size} bytes at ${offset}`, offset);
  const { class: elfClass, endianness } = elf.header;
  const fields = elfFields(noteHeader, elfClass, endianness);
  const bytes = elf.bytesAt(offset, Math.min(size, MAX_NOTE_BYTES));
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const note = new Struct(bytes, at);
    const nameSize = note.get(fields.n_namesz);
    const descriptionAt = at + HEADER + padded(nameSize);
    const descriptionEnd = descriptionAt + note.get(fields.n_descsz);
    if (descriptionEnd > bytes.length) return undefined;
    const name = bytes.subarray(at + HEADER, at + HEADER + nameSize);
    if (note.get(fields.n_type) === NT_GNU_BUILD_ID && isGnu(name))
      return Buffer.from(bytes.subarray(descriptionAt, descriptionEnd)).toString('hex');
    at = descriptionAt + padded(descriptionEnd - descriptionAt);
  }
  return undefined;
}

function isGnu(name: Uint8Array): boolean {
  return name.length === 4 && name[0] === 0x47 && name[1] === 0x4e && name[2] === 0x55 && name[3] === 0;
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}
