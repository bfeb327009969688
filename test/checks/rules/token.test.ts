/** Where a token or a server may come from, and what each source is worth. */
import { describe, expect, it } from 'vitest';
import type { K3sFact, K3sToken } from '../../../src/facts/k3s/k3s-fact.ts';
import { judge } from '../judge.ts';
import { file, place, StubFacts, type StubValues } from '../stub-facts.ts';

const own = '/var/lib/rancher/k3s/server/token';
const k3s = (more: Partial<K3sFact>): NonNullable<StubValues['k3s']> => ({
  '': { ...new StubFacts().get('k3s').value, ...more },
});
const given = (more: Partial<K3sToken>): K3sToken => ({
  flag: 'token',
  value: 'abc',
  isFile: false,
  from: 'command line',
  location: place('/usr/lib/systemd/system/k3s.service', 20),
  ...more,
});
const text = (path: string, value: string) => ({ path, state: 'present', text: value, location: place(path) }) as const;

describe('token-set', () => {
  const rule = { name: 'token-set' };

  it('takes the server’s own file', async () => {
    expect(await judge('rule', { ...rule, file: own }, new StubFacts({ file: { [own]: file(own) } }))).toMatchObject({
      status: 'pass',
    });
  });

  it('notes any other source where the file is the contract', async () => {
    const facts = new StubFacts({ k3s: k3s({ tokens: [given({})] }) });
    expect(await judge('rule', { ...rule, file: own }, facts)).toMatchObject({
      status: 'pass',
      note: `the token comes from --token, not from ${own}`,
      evidence: [{ role: 'set by', location: { line: 20 } }],
    });
  });

  it('takes any source for an agent', async () => {
    expect(await judge('rule', rule, new StubFacts({ k3s: k3s({ tokens: [given({})] }) }))).toMatchObject({
      status: 'pass',
    });
  });

  it('says that an agent does not read the server’s file', async () => {
    expect(await judge('rule', { ...rule, unused: own }, new StubFacts({ file: { [own]: file(own) } }))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(`${own} is not read by this role`),
    });
  });

  it.each([
    ['/etc/k3s/token', { status: 'fail', message: 'the token file /etc/k3s/token is not there' }],
    ['/run/secrets/k3s-token', { status: 'unknown', kind: 'undecidable' }],
  ])('a named file that is not there: %s', async (value, verdict) => {
    const facts = new StubFacts({ k3s: k3s({ tokens: [given({ flag: 'token-file', value, isFile: true })] }) });
    expect(await judge('rule', rule, facts)).toMatchObject(verdict);
  });
});

describe('token-known', () => {
  const rule = { name: 'token-known', file: own, environment: 'production', known: ['(^|-)test-token$'] };

  it.each([
    ['4f0c9d2e7b6a8153', 'pass'],
    ['my-test-token', 'fail'],
    [`K10${'0'.repeat(64)}::server:my-test-token`, 'fail'],
    [`K10${'0'.repeat(64)}::server:4f0c9d2e`, 'pass'],
  ])('%s: %s', async (token, status) => {
    const facts = new StubFacts({ text: { [own]: text(own, `${token}\n`) } });
    expect(await judge('rule', rule, facts)).toMatchObject({ status });
  });

  it('looks into every source and shows the place', async () => {
    const facts = new StubFacts({ k3s: k3s({ tokens: [given({ value: 'test-token' })] }) });
    expect(await judge('rule', rule, facts)).toMatchObject({ status: 'fail', evidence: [{ location: { line: 20 } }] });
  });

  it('is a note on a test node', async () => {
    const facts = new StubFacts({ text: { [own]: text(own, 'test-token') } });
    expect(await judge('rule', { ...rule, environment: 'test' }, facts)).toMatchObject({
      status: 'pass',
      note: 'the token is a well-known test token, which is fine on a test node',
    });
  });

  it('skips where no token is in the image, and cannot tell where one cannot be read', async () => {
    expect(await judge('rule', rule, new StubFacts())).toMatchObject({ status: 'skip' });
    const facts = new StubFacts({ text: { [own]: { path: own, state: 'unreadable', location: place(own) } } });
    expect(await judge('rule', rule, facts)).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
  });
});

describe('token-exposed', () => {
  const rule = { name: 'token-exposed' };
  const unit = '/usr/lib/systemd/system/k3s.service';

  it.each([
    [0o644, 'fail'],
    [0o600, 'pass'],
    [0o640, 'pass'],
  ])('a token in a file of mode %o: %s', async (mode, status) => {
    const facts = new StubFacts({ k3s: k3s({ tokens: [given({})] }), file: { [unit]: file(unit, { mode }) } });
    expect(await judge('rule', rule, facts)).toMatchObject({ status });
  });

  it('passes where the server keeps it in its own file only, and skips where there is none', async () => {
    const kept = new StubFacts({ file: { [own]: file(own) } });
    expect(await judge('rule', { ...rule, file: own }, kept)).toMatchObject({ status: 'pass' });
    expect(await judge('rule', { ...rule, file: own }, new StubFacts())).toMatchObject({ status: 'skip' });
  });

  it('a token file in the Nix store is for everybody', async () => {
    const value = '/nix/store/abc-token';
    const facts = new StubFacts({
      k3s: k3s({ tokens: [given({ flag: 'token-file', value, isFile: true })] }),
      file: { [value]: file(value, { mode: 0o444 }) },
    });
    expect(await judge('rule', rule, facts)).toMatchObject({ status: 'fail' });
  });

  it('leaves the mode of a token file to the check of that file', async () => {
    const value = '/etc/k3s/token';
    const facts = new StubFacts({
      k3s: k3s({ tokens: [given({ flag: 'token-file', value, isFile: true })] }),
      file: { [value]: file(value, { mode: 0o644 }) },
    });
    expect(await judge('rule', rule, facts)).toMatchObject({ status: 'pass' });
  });
});

describe('join-url', () => {
  const server = (value: string): StubFacts =>
    new StubFacts({
      k3s: k3s({
        settings: {
          server: { flag: 'server', values: [value], from: 'environment', location: place('/e', 2), beats: [] },
        },
      }),
    });

  it.each([
    ['https://10.0.0.1:6443', 'pass'],
    ['https://server-1.example:6443/', 'pass'],
    ['https://[fd00::1]:6443', 'pass'],
    ['http://10.0.0.1:6443', 'fail'],
    ['https://10.0.0.1', 'fail'],
    ['10.0.0.1:6443', 'fail'],
    ['', 'fail'],
  ])('%s: %s', async (value, status) => {
    expect(await judge('rule', { name: 'join-url' }, server(value))).toMatchObject({ status });
  });
});

describe('token-at-runtime', () => {
  it('names a token that is made after boot', async () => {
    const facts = new StubFacts({
      k3s: k3s({ tokens: [given({ flag: 'token-file', value: '/run/secrets/t', isFile: true })] }),
    });
    expect(await judge('rule', { name: 'token-at-runtime' }, facts)).toMatchObject({
      status: 'unknown',
      kind: 'undecidable',
    });
    expect(await judge('rule', { name: 'token-at-runtime' }, new StubFacts())).toMatchObject({ status: 'skip' });
  });
});
