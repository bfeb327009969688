/** How two contents differ, in the terms of what they are: text, ELF, or bytes. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { asImageError } from '../../errors.ts';
import { detectElf } from '../elf/elf-file.ts';
import { compareElf } from './compare-elf.ts';
import type { ContentDifference } from './tree-difference.ts';

/** Bytes of a text that is shown line by line. */
const MAX_TEXT = 256 * 1024;

/** `offset`: the first byte that differs, of contents of one size. */
export function describeContent(a: ByteSource, b: ByteSource, offset: number | undefined): ContentDifference {
  const [ours, theirs] = [readText(a), readText(b)];
  if (ours !== undefined && theirs !== undefined) return { kind: 'text', a: ours, b: theirs };
  if (detectElf(a) && detectElf(b)) {
    try {
      return { kind: 'elf', fields: compareElf(a, b) };
    } catch (thrown) {
      // What is no sound ELF file is still bytes that differ.
      asImageError(thrown);
    }
  }
  return { kind: 'data', ...(offset === undefined ? {} : { offset }) };
}

/** Undefined if it is too long, or no text. */
function readText(source: ByteSource): string | undefined {
  if (source.size > MAX_TEXT) return undefined;
  const bytes = source.read(0, source.size);
  return bytes.includes(0) ? undefined : decodeBytes(Uint8Array.from(bytes));
}
