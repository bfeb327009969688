import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareVersions } from '../../../src/root/boot-entries/version-order.ts';

/** Pairs and what `systemd-analyze compare-versions` says, recorded by the maker script beside them. */
const recorded: [string, string, number][] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/boot-entries/versions.json'), 'utf8'),
);

// The examples of the UAPI version format specification (UAPI.10), in its order.
const ordered = [
  '~',
  '',
  '-1',
  'abc-1',
  '122.1',
  '123~rc1-1',
  '123',
  '123-a',
  '123-a.1',
  '123-1',
  '123-1.1',
  '123^post1',
  '123.a-1',
  '123.1-1',
  '123a-1',
  '124-1',
];

it('orders versions as the specification does', () => {
  for (const [i, a] of ordered.entries())
    for (const [j, b] of ordered.entries())
      expect([a, b, Math.sign(compareVersions(a, b))]).toEqual([a, b, Math.sign(i - j)]);
});

it.each([
  ['11', '11'],
  ['systemd-123', 'systemd-123'],
  ['11α', '11β'],
  ['007', '7'],
])('takes %s and %s as equal', (a, b) => {
  expect(Math.abs(compareVersions(a, b))).toBe(0);
});

it.each(recorded)('%j and %j compare as systemd-analyze says: %i', (a, b, order) => {
  expect(Math.sign(compareVersions(a, b))).toBe(order);
});
