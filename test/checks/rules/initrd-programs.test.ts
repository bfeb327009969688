import { expect, it } from 'vitest';
import type { InitrdFact } from '../../../src/facts/initrd/initrd-fact.ts';
import { judge } from '../judge.ts';
import { place, StubFacts } from '../stub-facts.ts';

const location = { source: 'disk!p1', path: '/initrd.img' };
const good: InitrdFact = { state: 'read', location, kernels: [], lacks: [] };
const lack = {
  program: 'veritysetup',
  because: '/scripts/local-top/verity calls it',
  calledBy: place('/scripts/x', 7),
};

it.each([
  ['a whole initrd', good, 'pass'],
  ['no initrd', { ...good, state: 'none' }, 'skip'],
  ['one that is damaged', { ...good, state: 'unreadable', reason: 'its checksum' }, 'unknown'],
  ['a damaged program', { ...good, problem: 'its interpreter' }, 'unknown'],
  ['a program that is missing', { ...good, lacks: [lack] }, 'fail'],
] as const)('%s is judged', async (_what, initrd, status) => {
  const verdict = await judge('rule', { name: 'initrd-programs' }, new StubFacts({ initrd: { '': initrd } }));
  expect(verdict.status).toBe(status);
  if (verdict.status === 'fail') {
    expect(verdict.message).toBe('the initrd has no veritysetup: /scripts/local-top/verity calls it');
    expect(verdict.evidence.map((one) => one.location)).toEqual([place('/scripts/x', 7), location]);
  }
});
