/** What a file is that should have been a program, told by its first bytes as file(1) would. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { BinaryFact } from './binary-fact.ts';
import { detectElf } from './elf-file.ts';

export type FileKind = Exclude<NonNullable<BinaryFact['kind']>, 'not-a-file'>;

const START = 4096;
/** Longest interpreter line the kernel reads, with `#!`. */
const SHEBANG = 256;
const html = /^\s*(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html|head|body|title)\b/i;

/** Kind of the bytes, and the interpreter line of a script without `#!`. */
export function readFileKind(source: ByteSource): { readonly kind: FileKind; readonly shebang?: string } {
  if (source.size === 0) return { kind: 'empty' };
  if (detectElf(source)) return { kind: 'elf' };
  const start = source.read(0, Math.min(START, source.size));
  const text = decodeBytes(start);
  if (text.startsWith('#!')) {
    const line = text.slice(2, SHEBANG).split('\n', 1)[0] ?? '';
    return { kind: 'script', shebang: line.trim() };
  }
  if (html.test(text.replace(/^\ufeff/, ''))) return { kind: 'html' };
  return { kind: isText(start) ? 'text' : 'data' };
}

/** No control characters but white space and escape. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b);
}
