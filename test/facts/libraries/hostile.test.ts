/** Bytes of the loader, of libraries and of the cache changed at random: an answer or a gap, nothing else. */
import { expect, it } from 'vitest';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { factsOf, fixtureFile } from './fixtures.ts';

/** Numerical Recipes' generator: the same sequence everywhere. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

it.each([1, 2, 3, 4])('seed %i', (seed) => {
  const random = numbers(seed);
  const next = (below: number): number => Math.floor((random.next().value ?? 0) * below);
  const files: Readonly<Record<string, Uint8Array>> = {
    '/bin/version-both-user': fixtureFile('/bin/version-both-user'),
    '/opt/both/libversion.so.1': fixtureFile('/opt/both/libversion.so.1'),
    '/lib64/ld-linux-x86-64.so.2': fixtureFile('/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'),
    '/etc/ld.so.cache': fixtureFile('/etc/ld.so.cache'),
  };
  const outcomes = new Set<string>();
  for (let round = 0; round < 250; round++) {
    const names = Object.keys(files);
    const changed = names[next(names.length)] ?? '';
    const bytes = Uint8Array.from(files[changed] ?? []);
    // Most of what counts is at the start and in the few KiB behind it.
    for (let count = 1 + next(4); count > 0; count--) bytes[next(Math.min(bytes.length, 4096))] = next(256);
    const facts = factsOf(new MemoryFileSystem({ ...files, [changed]: bytes }));
    const { value, gaps } = facts.get('libraries', '/bin/version-both-user');
    const problems = value.programs.flatMap((program) => program.problems);
    outcomes.add(gaps.length > 0 ? 'gap' : problems.length > 0 ? 'problem' : 'whole');
  }
  expect([...outcomes].sort()).toEqual(['gap', 'problem', 'whole']);
});
