/** The lists that come with check-image, and those of a user. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ContractError } from '../../src/checks/contract-error.ts';
import { parseDifferences } from '../../src/diff/differences/parse-differences.ts';
import { builtInDifferences } from '../../src/diff/differences/registry.ts';

const problemsOf = (text: string): readonly string[] => {
  try {
    parseDifferences(text, 'own.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.problems.map(({ message, location }) => `${location?.line ?? '?'}: ${message}`);
  }
};

describe('built-in lists', () => {
  it.each(Object.keys(builtInDifferences))('%s: every entry has an id of its own and says why', async (name) => {
    const list = await builtInDifferences[name]?.();
    const ids = list?.differences.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    for (const { reason } of list?.differences ?? []) expect(reason).toMatch(/^\S.{10,}[^.]$/);
  });

  it('hold every row of the table in the contract', async () => {
    const list = await builtInDifferences['k3s-contract']?.();
    const rows = new Set(list?.differences.map(({ reference }) => reference?.replace(/^.*, /, '')));
    rows.delete('Kernel requirements');
    expect([...rows]).toEqual([
      'Service name',
      'Config location',
      'Token management',
      'Package source',
      'Data directory',
    ]);
  });

  it('give every second name in the documentation', async () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../samples/diff/README.md'), 'utf8');
    for (const load of Object.values(builtInDifferences))
      for (const [concern, groups] of Object.entries((await load()).names))
        for (const { names, reason } of groups)
          expect(text).toContain(`| ${concern} | ${names.map((name) => `\`${name}\``).join(' = ')} | ${reason} |`);
  });

  it('leave to the contract what it asks for', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../src/diff/differences/platforms.yaml'), 'utf8');
    for (const name of ['socat', 'ipset', 'ethtool', 'nftables', 'iptables', 'kmod'])
      expect(text).not.toMatch(new RegExp(`- ${name}$`, 'm'));
  });
});

describe('a list of a user', () => {
  it('takes one name or several', () => {
    const { differences } = parseDifferences(
      'differences:\n  - {id: a, concern: sysctl, record: [x, y*], reason: because}\n',
      'own.yaml',
    );
    expect(differences).toMatchObject([{ id: 'a', concern: ['sysctl'], record: ['x', 'y*'], reason: 'because' }]);
  });

  it('is refused with the line of each mistake', () => {
    expect(problemsOf('differences:\n  - {id: a, concern: sysctl}\n')).toEqual(['2: 0 lacks reason']);
    expect(problemsOf('differences:\n  - {id: a, concern: sysctls, reason: because}\n')).toEqual([
      '2: there is no concern sysctls',
    ]);
    expect(problemsOf('differences:\n  - {id: a, concern: sysctl, reason: because, colour: red}\n')).toEqual([
      '2: unknown key colour',
    ]);
    expect(problemsOf('[]\n')).toHaveLength(1);
  });
});
