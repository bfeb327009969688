/** The table of directives against `systemd --dump-configuration-items` of versions 252 and 257. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findDirective, listDirectives, sectionsWithKey } from '../../../src/facts/systemd/directives/registry.ts';

function readDump(version: number): ReadonlySet<string> {
  const text = readFileSync(new URL(`../../fixtures/systemd/directives-${version}.txt`, import.meta.url), 'utf8');
  return new Set(
    text
      .trimEnd()
      .split('\n')
      .flatMap((line) => {
        const [section = '', keys = ''] = line.split(': ');
        return keys.split(' ').map((key) => `${section}.${key}`);
      }),
  );
}

function sinceOf(id: string): number | undefined {
  const dot = id.indexOf('.');
  return findDirective(id.slice(0, dot), id.slice(dot + 1))?.since;
}

const of252 = readDump(252);
const of257 = readDump(257);

test('knows every directive of systemd 257', () => {
  const known = new Set(listDirectives());
  expect([...of257].filter((id) => !known.has(id))).toEqual([]);
});

test('knows which of them systemd 252 does not have', () => {
  const wrong = [...of257].filter((id) => (sinceOf(id) ?? 0) <= 252 !== of252.has(id));
  expect(wrong).toEqual([]);
});

test('has nothing else but what is accepted without effect, or newer', () => {
  const extra = listDirectives().filter((id) => !of257.has(id));
  const keys = new Set(extra.map((id) => id.slice(id.indexOf('.') + 1)));
  expect([...keys].sort()).toEqual([
    'BusPolicy',
    'Capabilities',
    'GracefulOptions',
    'IgnoreOnSnapshot',
    'NetClass',
    'SysVStartPriority',
  ]);
});

test('says where a key belongs', () => {
  expect(sectionsWithKey('Restart')).toEqual(['Service']);
  expect(sectionsWithKey('NoSuchKey')).toEqual([]);
});
