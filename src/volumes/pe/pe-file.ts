/**
 * PE files (Microsoft "PE Format"): EFI boot loaders, kernels with an EFI stub, unified kernel images. Headers and sections are read;
 * a signature is noticed, not verified. Long section names, which only object files have, stay as they are stored.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { raw, Struct, u16le, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { nestedLabel } from '../../location.ts';
import { RefusedSource } from '../refused-source.ts';

export const dosHeader = { e_magic: u16le(0), e_lfanew: u32le(60) } as const;

/** From the signature on: signature, COFF file header. */
export const coffHeader = {
  Signature: u32le(0),
  Machine: u16le(4),
  NumberOfSections: u16le(6),
  SizeOfOptionalHeader: u16le(20),
} as const;

/** Of the optional header; the directories lie further behind in PE32+. */
export const optionalHeader = { Magic: u16le(0), Subsystem: u16le(68) } as const;
const directoryCount = { pe32: 92, pe32plus: 108 } as const;

export const sectionHeader = {
  Name: raw(0, 8),
  VirtualSize: u32le(8),
  SizeOfRawData: u32le(16),
  PointerToRawData: u32le(20),
} as const;

const MZ = 0x5a4d;
const PE = 0x4550;
const DOS_BYTES = 64;
const COFF_BYTES = 24;
const SECTION_BYTES = 40;
const PE32_PLUS = 0x20b;
const CERTIFICATE_TABLE = 4;
const DIRECTORY_BYTES = 8;

/** Debian's architecture names by IMAGE_FILE_MACHINE. */
const machines: Readonly<Record<number, string>> = {
  332: 'i386',
  448: 'armhf',
  450: 'armhf',
  452: 'armhf',
  512: 'ia64',
  20530: 'riscv32',
  20580: 'riscv64',
  25188: 'loong64',
  34404: 'amd64',
  43620: 'arm64',
};

const subsystems: Readonly<Record<number, string>> = {
  10: 'efi-application',
  11: 'efi-boot-service-driver',
  12: 'efi-runtime-driver',
  13: 'efi-rom',
};

export interface PeSection {
  /** `.cmdline`; a name that comes again gets a number, `.dtbauto#2`, since sections of a unified kernel image may repeat. */
  readonly name: string;
  /** Byte offset in the file. */
  readonly offset: number;
  /** What is stored, without the padding up to the alignment. Reading a section that is cut off throws `truncated`. */
  readonly content: ByteSource;
}

export interface PeFile {
  /** Debian's name of the architecture, `unknown` for one it has not. */
  readonly architecture: string;
  /** `efi-application`, ..., `other`. */
  readonly subsystem: string;
  readonly sections: readonly PeSection[];
  /** Where its Authenticode signature lies, if it has one; nothing says that it holds. */
  readonly signature?: { readonly offset: number; readonly size: number };
}

/** Byte offset of the PE header, undefined if there is none. Never throws for what the bytes are. */
export function findPeHeader(source: ByteSource): number | undefined {
  if (source.size < DOS_BYTES) return undefined;
  const dos = new Struct(source.read(0, DOS_BYTES));
  if (dos.get(dosHeader.e_magic) !== MZ) return undefined;
  const offset = dos.get(dosHeader.e_lfanew);
  if (offset + COFF_BYTES > source.size) return undefined;
  return new Struct(source.read(offset, 4)).get(coffHeader.Signature) === PE ? offset : undefined;
}

/** Reads the headers; ImageError if the source is no PE file or its headers are cut off or make no sense. */
export function openPe(source: ByteSource): PeFile {
  const start = findPeHeader(source);
  if (start === undefined) throw corrupt(source, 'there is no PE header', 0);
  const coff = new Struct(Uint8Array.from(source.read(start, COFF_BYTES)));
  const optionalBytes = coff.get(coffHeader.SizeOfOptionalHeader);
  const optional = new Struct(Uint8Array.from(source.read(start + COFF_BYTES, optionalBytes)));
  const table = start + COFF_BYTES + optionalBytes;
  const count = coff.get(coffHeader.NumberOfSections);
  const headers = new Struct(Uint8Array.from(source.read(table, count * SECTION_BYTES)));
  const used = new Map<string, number>();
  const sections = Array.from({ length: count }, (_, index): PeSection => {
    const header = headers.at(index * SECTION_BYTES);
    const stored = Buffer.from(header.bytes(sectionHeader.Name)).toString('latin1').replace(/\0.*$/s, '');
    const times = (used.get(stored) ?? 0) + 1;
    used.set(stored, times);
    const name = times === 1 ? stored : `${stored}#${times}`;
    return { name, offset: header.get(sectionHeader.PointerToRawData), content: openSection(source, header, name) };
  });
  const signature = optionalBytes === 0 ? undefined : findSignature(source, optional, start);
  return {
    architecture: machines[coff.get(coffHeader.Machine)] ?? 'unknown',
    subsystem: optionalBytes === 0 ? 'other' : (subsystems[optional.get(optionalHeader.Subsystem)] ?? 'other'),
    sections,
    ...(signature && { signature }),
  };
}

/** In memory a section may be longer than in the file, where the rest is zeros, and in the file longer than in memory: padding. */
function openSection(source: ByteSource, header: Struct, name: string): ByteSource {
  const inMemory = header.get(sectionHeader.VirtualSize);
  const stored = header.get(sectionHeader.SizeOfRawData);
  const offset = header.get(sectionHeader.PointerToRawData);
  const size = inMemory === 0 ? stored : Math.min(inMemory, stored);
  const label = nestedLabel(source.label, name);
  if (size === 0) return source.slice(0, 0, label);
  if (offset + size <= source.size) return source.slice(offset, size, label);
  const message = `the section ${name} ends at byte ${offset + size}, the file at ${source.size}`;
  const location = { source: source.label, offset };
  return new RefusedSource(size, label, new ImageError('truncated', 'pe/truncated', message, { location }));
}

function findSignature(source: ByteSource, optional: Struct, start: number): PeFile['signature'] {
  const isPlus = optional.get(optionalHeader.Magic) === PE32_PLUS;
  const count = isPlus ? directoryCount.pe32plus : directoryCount.pe32;
  const place = count + 4 + CERTIFICATE_TABLE * DIRECTORY_BYTES;
  if (optional.get(u32le(count)) <= CERTIFICATE_TABLE) return undefined;
  const signature = { offset: optional.get(u32le(place)), size: optional.get(u32le(place + 4)) };
  if (signature.size === 0) return undefined;
  if (signature.offset + signature.size <= source.size) return signature;
  throw new ImageError('truncated', 'pe/truncated', 'the signature lies past the end of the file', {
    location: { source: source.label, offset: start + COFF_BYTES + place },
  });
}

function corrupt(source: ByteSource, what: string, offset: number): ImageError {
  return new ImageError('corrupt', 'pe/bad-header', what, { location: { source: source.label, offset } });
}
