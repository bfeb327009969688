/** How two contents differ, in the terms of what they are: text, ELF, or bytes. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { asImageError } from '../../errors.ts';
import { readDynamicSection } from '../elf/dynamic.ts';
import { detectElf, openElf } from '../elf/elf-file.ts';
import { readBuildId } from '../elf/notes.ts';
import type { ContentDifference, TreeField } from './tree-difference.ts';

/** Bytes of a text that is shown line by line. */
const MAX_TEXT = 256 * 1024;
/** Sections that are named one by one. */
const MAX_SECTIONS = 200;

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

function compareElf(a: ByteSource, b: ByteSource): readonly TreeField[] {
  const [ours, theirs] = [describeElf(a), describeElf(b)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const [x, y] = [ours.get(name), theirs.get(name)];
    if (x === y) return [];
    return [{ name, ...(x === undefined ? {} : { a: x }), ...(y === undefined ? {} : { b: y }) }];
  });
}

function describeElf(source: ByteSource): ReadonlyMap<string, string> {
  const elf = openElf(source);
  const dynamic = readDynamicSection(elf);
  const said: [string, string | undefined][] = [
    ['machine', String(elf.header.machine)],
    ['build id', readBuildId(elf)],
    ['soname', dynamic?.soname],
    ['needed', dynamic?.needed.join(' ')],
    ...elf.sections
      .slice(0, MAX_SECTIONS)
      .map(({ name, size }): [string, string] => [`section ${name}`, `${size} bytes`]),
  ];
  return new Map(said.filter((one): one is [string, string] => one[1] !== undefined));
}
