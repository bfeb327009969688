/** Programs that the real tools made: what differs between two of them. */
import { expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { openElf } from '../../../src/facts/elf/elf-file.ts';
import { compareElf } from '../../../src/facts/two-trees/compare-elf.ts';
import { elfBytes, recordedElfs } from '../elf/fixtures.ts';

const compare = (a: Uint8Array, b: Uint8Array): readonly string[] =>
  compareElf(new MemorySource(a, 'a'), new MemorySource(b, 'b')).map(
    ({ name, a: ours = '-', b: theirs = '-' }) => `${name}: ${ours} -> ${theirs}`,
  );

it('says nothing of equal files', () => {
  expect(compare(elfBytes('pie'), elfBytes('pie'))).toEqual([]);
});

it('names the section with a byte that differs', () => {
  const patched = elfBytes('pie');
  const text = openElf(new MemorySource(patched, 'pie')).sections.find(({ name }) => name === '.text');
  if (!text) throw new Error('no .text');
  patched[text.offset + 5] = (patched[text.offset + 5] ?? 0) ^ 1;
  expect(compare(elfBytes('pie'), patched)).toEqual([`section .text: ${text.size} bytes -> others from byte 5 on`]);
});

it('tells the architecture, and the version that Go keeps', () => {
  expect(compare(elfBytes('go-amd64'), elfBytes('go-arm64'))).toContain('architecture: amd64 -> arm64');
  const [first = ''] = recordedElfs['go-amd64']?.go?.flatMap((line) => /Version=([^"\\]+)/.exec(line)?.[1] ?? []) ?? [];
  expect(compare(elfBytes('go-amd64'), elfBytes('go-trimmed'))).toContain(`version: ${first} -> (devel)`);
});
