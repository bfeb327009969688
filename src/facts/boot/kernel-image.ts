/**
 * What a kernel file is, by its headers: x86 bzImage (Linux Documentation/arch/x86/boot.rst), arm64 and RISC-V Image
 * (Documentation/arch/arm64/booting.rst), unified kernel images (UAPI.5), ELF. Only the x86 header and a unified image
 * carry the release where it can be read without unpacking the kernel.
 */
import { type ByteSource, peekAt } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { raw, Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { findPeHeader, openPe, type PeFile } from '../../volumes/pe/pe-file.ts';
import type { KernelFile } from './boot-fact.ts';

/** x86 setup header; version 2.00 and later have `HdrS`, `kernel_version` is relative to 0x200. */
export const setupHeader = {
  boot_flag: u16le(0x1fe),
  header: u32le(0x202),
  version: u16le(0x206),
  kernel_version: u16le(0x20e),
  loadflags: u8(0x211),
} as const;
/** arm64 and RISC-V Image: the magic at byte 56 is `ARM\x64`, respectively `RSC\x05`. */
export const imageHeader = { magic: raw(56, 4) } as const;

/** Of a unified image; the second is EFI Boot Guard's. */
const kernelSections: readonly string[] = ['.linux', '.kernel'];
const HEADER_BYTES = 0x240;
const MAX_VERSION = 256;
const BOOT_FLAG = 0xaa55;
const HDR_S = 0x53726448;
/** Longer sections of a unified image are no release. */
const MAX_SECTION = 1024;

export type KernelContent = Pick<KernelFile, 'format' | 'architecture' | 'release'>;

/** Reads headers only. ImageError where the file is damaged. */
export function readKernelImage(source: ByteSource): KernelContent {
  const pe = findPeHeader(source) === undefined ? undefined : openPe(source);
  const inner = pe?.sections.find(({ name }) => kernelSections.includes(name))?.content;
  if (pe && inner) return describeUnified(pe, inner);
  return describeKernel(source, pe);
}

function describeKernel(source: ByteSource, pe: PeFile | undefined): KernelContent {
  const architecture = pe && pe.architecture !== 'unknown' ? { architecture: pe.architecture } : {};
  const head = new Struct(Uint8Array.from(peekAt(source, 0, Math.min(source.size, HEADER_BYTES))));
  if (source.size >= HEADER_BYTES && isBzImage(head)) return { ...architecture, ...describeBzImage(source, head) };
  const magic = source.size >= 64 ? Buffer.from(head.bytes(imageHeader.magic)).toString('latin1') : '';
  if (magic === 'ARM\x64') return { format: 'arm64 Image', architecture: 'arm64' };
  if (magic === 'RSC\x05') return { format: 'unknown', architecture: 'riscv64' };
  if (pe) return { format: 'EFI program', ...architecture };
  return { format: formatOf(peekAt(source, 0, Math.min(source.size, 4))) };
}

function formatOf(magic: Uint8Array): NonNullable<KernelContent['format']> {
  const start = Buffer.from(magic).toString('latin1');
  if (start === '\x7fELF') return 'ELF';
  return start.startsWith('\x1f\x8b') || start === '\x28\xb5\x2f\xfd' ? 'compressed' : 'unknown';
}

function isBzImage(head: Struct): boolean {
  return head.get(setupHeader.boot_flag) === BOOT_FLAG && head.get(setupHeader.header) === HDR_S;
}

/** The version string is `6.12.107-amd64 (user@host) #1 SMP ...`. The same header starts 32-bit kernels. */
function describeBzImage(source: ByteSource, head: Struct): KernelContent {
  const pointer = head.get(setupHeader.kernel_version);
  const at = pointer + 0x200;
  if (pointer === 0 || at >= source.size) return { format: 'bzImage' };
  const text = decodeBytes(source.read(at, Math.min(MAX_VERSION, source.size - at)));
  const release = /^[^\s\0]+/.exec(text)?.[0];
  return { format: 'bzImage', ...(release === undefined ? {} : { release: { text: release, from: 'header' } }) };
}

/** The release is that of `.uname`, or what the kernel inside says; a unified image inside a unified image is not looked into. */
function describeUnified(pe: PeFile, kernel: ByteSource): KernelContent {
  const uname = pe.sections.find(({ name }) => name === '.uname')?.content;
  const text = uname && uname.size <= MAX_SECTION ? decodeBytes(uname.read(0, uname.size)).replace(/[\0\s]+$/, '') : '';
  const inner = text === '' ? describeKernel(kernel, undefined).release : undefined;
  const release = text === '' ? inner : ({ text, from: 'header' } as const);
  return {
    format: 'unified kernel image',
    ...(pe.architecture === 'unknown' ? {} : { architecture: pe.architecture }),
    ...(release ? { release } : {}),
  };
}
