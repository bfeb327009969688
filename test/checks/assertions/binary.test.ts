import { describe, expect, it } from 'vitest';
import type { BinaryFact, ElfFact } from '../../../src/facts/elf/binary-fact.ts';
import { judge } from '../judge.ts';
import { place, StubFacts } from '../stub-facts.ts';

const path = '/usr/bin/k3s';
const elf: ElfFact = {
  class: 64,
  endianness: 'little',
  machine: 62,
  architecture: 'amd64',
  type: 'executable',
  linkage: 'dynamic',
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: [],
};
const judgeBinary = (more: Partial<BinaryFact>, options: object) =>
  judge(
    'binary',
    { path, ...options },
    new StubFacts({ binary: { [path]: { path, state: 'present', location: place(path), ...more } } }),
  );

describe('binary', () => {
  it('passes when every property holds', async () => {
    const wanted = { class: 64, architecture: 'amd64', linkage: 'dynamic', interpreter: { matches: 'ld-linux' } };
    expect(await judgeBinary({ kind: 'elf', elf }, wanted)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['html', 'an HTML page (a download that failed?)'],
    ['script', 'a script'],
    ['empty', 'an empty file'],
    ['not-a-file', 'not a regular file'],
  ] as const)('calls %s by its name', async (kind, found) => {
    expect(await judgeBinary({ kind }, { class: 64 })).toMatchObject({ status: 'fail', found });
  });

  it('shows a machine without a name by its number', async () => {
    const foreign = { ...elf, architecture: 'unknown', machine: 258 };
    expect(await judgeBinary({ kind: 'elf', elf: foreign }, { architecture: 'amd64' })).toMatchObject({
      found: 'machine 258',
    });
  });

  it('fails where no version is in the file', async () => {
    expect(await judgeBinary({ kind: 'elf', elf }, { version: { version: '1.32.x' } })).toMatchObject({
      status: 'fail',
      message: 'version of /usr/bin/k3s is not to be found in the file, 1.32.x wanted',
    });
  });

  it('cannot tell when the file cannot be read', async () => {
    expect(await judgeBinary({ state: 'unreadable', reason: 'damaged' }, { class: 64 })).toMatchObject({
      status: 'unknown',
    });
  });
});
