/** Rules about NixOS systems: the cases that the sample systems do not reach. */
import { describe, expect, it } from 'vitest';
import type { K3sFact } from '../../../src/facts/k3s/k3s-fact.ts';
import type { NixStoreFact } from '../../../src/facts/nix-store/nix-store-fact.ts';
import type { InstalledPackage } from '../../../src/facts/packages/packages-fact.ts';
import { createTable } from '../../../src/table.ts';
import { judge } from '../judge.ts';
import { file, place, StubFacts, type StubValues } from '../stub-facts.ts';

const bin = '/run/current-system/sw/bin';
const program = `${bin}/k3s`;
const hash = 'a'.repeat(32);

describe('k3s-command', () => {
  const rule = { name: 'k3s-command', path: `${bin}/ctr`, program };

  it('tells k3s under another name from a program of its own and from nothing', async () => {
    const own = file(program);
    expect(await judge('rule', rule, new StubFacts({ file: { [program]: own } }))).toMatchObject({
      status: 'fail',
      found: 'missing',
    });
    const other = { [program]: own, [rule.path]: file(rule.path) };
    expect(await judge('rule', rule, new StubFacts({ file: other }))).toMatchObject({
      status: 'fail',
      severity: 'should',
    });
    const same = { [program]: own, [rule.path]: { ...file(rule.path), identity: own.identity ?? '' } };
    expect(await judge('rule', rule, new StubFacts({ file: same }))).toMatchObject({ status: 'pass' });
  });
});

describe('one-version', () => {
  const rule = { name: 'one-version', package: 'k3s' };
  const packages = (...versions: readonly [string, InstalledPackage['level']][]): StubValues => ({
    packages: {
      '': {
        database: 'nix',
        beside: [],
        packages: versions.map(([version, level]) => ({
          name: 'k3s',
          version,
          architecture: 'amd64',
          status: 'installed',
          location: place(`/nix/store/${hash}-k3s-${version}`),
          ...(level ? { level } : {}),
        })),
      },
    },
  });

  it('counts versions of the closure, not of the store', async () => {
    const two = new StubFacts(packages(['1.32.1', 'path'], ['1.31.0', 'closure']));
    expect(await judge('rule', rule, two)).toMatchObject({ status: 'fail', found: '1.32.1, 1.31.0' });
    const old = new StubFacts(packages(['1.32.1', 'path'], ['1.31.0', 'store']));
    expect(await judge('rule', rule, old)).toMatchObject({ status: 'pass' });
  });
});

describe('program-on-path', () => {
  const rule = { name: 'program-on-path', commands: ['nft'], bin, program };
  const tool = `/nix/store/${hash}-nftables-1.1.1`;
  const k3s = (path: string): NonNullable<StubValues['k3s']> => ({
    '': {
      ...new StubFacts().get('k3s').value,
      environment: createTable([['PATH', { value: path, location: place('/unit', 3) }]]) as K3sFact['environment'],
    },
  });

  it('looks in the system, then on the PATH of the service, then in the wrapper', async () => {
    const wrapper = {
      path: program,
      state: 'present',
      text: `PATH=${tool}/bin:$PATH\n`,
      location: place(program),
    } as const;
    const there = { [`${tool}/bin/nft`]: file(`${tool}/bin/nft`) };
    expect(await judge('rule', rule, new StubFacts({ file: there }))).toMatchObject({ status: 'fail' });
    expect(await judge('rule', rule, new StubFacts({ file: there, k3s: k3s(`/x:${tool}/bin`) }))).toMatchObject({
      status: 'pass',
      note: 'nft is on the PATH of the service only',
    });
    expect(await judge('rule', rule, new StubFacts({ file: there, text: { [program]: wrapper } }))).toMatchObject({
      status: 'pass',
      note: 'nft is on the PATH of the wrapper around k3s only',
    });
  });
});

describe('token-private', () => {
  const rule = { name: 'token-private' };
  const path = '/var/lib/k3s/token';
  const k3s: NonNullable<StubValues['k3s']> = {
    '': {
      ...new StubFacts().get('k3s').value,
      tokens: [{ flag: 'token-file', value: path, isFile: true, from: 'command line', location: place('/unit', 3) }],
    },
  };
  const withMode = (mode: number): StubFacts => {
    const one = file(path);
    if (!one.stat) throw new Error('a file has a stat');
    return new StubFacts({ k3s, file: { [path]: { ...one, stat: { ...one.stat, mode } } } });
  };

  it('wants no bit for others', async () => {
    expect(await judge('rule', rule, withMode(0o400))).toMatchObject({ status: 'pass' });
    expect(await judge('rule', rule, withMode(0o640))).toMatchObject({ status: 'fail', found: '0640 0:0' });
    expect(await judge('rule', rule, new StubFacts({ k3s }))).toMatchObject({ status: 'skip' });
  });
});

describe('store-complete', () => {
  const rule = { name: 'store-complete' };
  const store = (value: NixStoreFact): StubFacts => new StubFacts({ 'nix-store': { '': value } });
  const system = {
    toplevel: `/nix/store/${hash}-nixos-system-a`,
    because: 'the system profile',
    specialisations: [],
    sources: [],
    generations: [],
  };

  it('has nothing to say without NixOS, and cannot tell without a closure', async () => {
    expect(await judge('rule', rule, store({ present: 0 }))).toMatchObject({ status: 'skip' });
    expect(await judge('rule', rule, store({ present: 3, system }))).toMatchObject({ status: 'unknown' });
  });

  it('names what is missing and who wants it', async () => {
    const missing = ['b', 'c', 'd', 'e', 'f', 'g'].map((letter) => ({
      path: `/nix/store/${letter.repeat(32)}-x`,
      referrer: system.toplevel,
      location: place('/nix-path-registration'),
    }));
    const closure = { by: 'registration', paths: new Set<string>(), missing } as const;
    const verdict = await judge('rule', rule, store({ present: 3, system, closure }));
    expect(verdict).toMatchObject({ status: 'fail', found: '6 missing' });
    expect(JSON.stringify(verdict)).toContain(' and 1 more');
  });
});

describe('system-architecture', () => {
  it('tells a foreign program of the system from a foreign system', async () => {
    const rule = { name: 'system-architecture', architecture: 'amd64' };
    const platform = (...architectureEvidence: readonly { source: 'system' | 'elf'; architecture: string }[]) => ({
      '': {
        ...new StubFacts().get('platform').value,
        architectureEvidence: architectureEvidence.map((one) => ({ ...one, location: place('/x') })),
      },
    });
    const amd64 = { source: 'system', architecture: 'amd64' } as const;
    const mixed = platform(amd64, { source: 'elf', architecture: 'arm64' });
    expect(await judge('rule', rule, new StubFacts({ platform: mixed }))).toMatchObject({
      message: 'a program of the system is built for arm64, amd64 wanted',
    });
    expect(await judge('rule', rule, new StubFacts({ platform: platform(amd64) }))).toMatchObject({ status: 'pass' });
  });
});

describe('store-unchanged', () => {
  it('names the paths that changed, and cannot tell without hashes', async () => {
    const rule = { name: 'store-unchanged' };
    const [own, other] = ['b', 'c'].map((letter) => `/nix/store/${letter.repeat(32)}-x`) as [string, string];
    const system = { toplevel: own, because: 'x', specialisations: [], sources: [], generations: [] };
    const facts = (by: 'database' | 'scan'): StubFacts =>
      new StubFacts({
        'nix-store': { '': { present: 2, system, closure: { by, paths: new Set([own, other]), missing: [] } } },
        'nix-hashes': {
          '': {
            paths: [
              { path: own, state: 'same', hash: '1', registered: '1', location: place(own) },
              { path: other, state: 'changed', hash: '2', registered: '3', location: place(other) },
            ],
          },
        },
      });
    expect(await judge('rule', rule, facts('database'))).toMatchObject({
      status: 'fail',
      message: `${other}: not as Nix built it`,
      expected: '3',
      found: '2',
    });
    expect(await judge('rule', rule, facts('scan'))).toMatchObject({ status: 'unknown', kind: 'undecidable' });
  });
});
