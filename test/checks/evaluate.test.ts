import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/checks/evaluate.ts';
import { completeContract } from '../../src/checks/language/complete-contract.ts';
import { parseContract } from '../../src/checks/language/parse-contract.ts';
import type { Gap } from '../../src/facts/fact.ts';
import { file, place, StubFacts } from './stub-facts.ts';

const contract = completeContract(
  parseContract(
    `
contract: c
parameters:
  role: { values: [server, agent], detect: k3s-role }
  level: { default: low }
concepts:
  unit: { variants: [{ when: { platform: nixos }, value: k3s.service }, { value: "k3s-\${role}.service" }] }
  only-nix: { variants: [{ when: { platform: nixos }, value: /nix }] }
platforms:
  nixos: { skip: not yet }
checks:
  A: { title: "a of \${unit}", file: { path: /a } }
  B: { title: b, needs: [A], file: { path: /b } }
  C: { title: c, when: { role: agent }, file: { path: /c } }
  D: { title: d, undecidable: nobody knows }
  E: { title: e, file: { path: "\${only-nix}" } }
  F: { title: f, sysctl: { key: a.b, value: 1 } }
  G: { title: g, platforms: { nixos: { severity: should, file: { path: /g-nix } } }, file: { path: /g } }
  H: { title: h, file: { path: /a }, content: { path: /a, value: x } }
`,
    'c.yaml',
  ),
);

async function statuses(facts: StubFacts, set: Readonly<Record<string, string>> = {}, only?: readonly string[]) {
  const options = only ? { isSelected: (id: string) => only.includes(id) } : {};
  const { results } = await evaluate(contract, facts, { set: new Map(Object.entries(set)), ...options });
  return Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
}

const there = new StubFacts({
  file: { '/a': file('/a'), '/b': file('/b'), '/g': file('/g') },
  text: { '/a': { path: '/a', state: 'present', text: 'x\n', location: place('/a') } },
});

describe('the engine', () => {
  it('gives every check one verdict, in the order of the contract', async () => {
    expect(await statuses(there)).toMatchObject({
      A: { status: 'pass' },
      B: { status: 'pass' },
      C: { status: 'skip', reason: 'only for role agent' },
      D: { status: 'unknown', kind: 'undecidable' },
      E: { status: 'skip', reason: 'the contract names no only-nix for this image' },
      F: { status: 'fail' },
      G: { status: 'pass' },
      H: { status: 'pass' },
    });
  });

  it('skips what needs a check that failed', async () => {
    expect(await statuses(new StubFacts({ file: { '/b': file('/b') } }))).toMatchObject({
      A: { status: 'fail' },
      B: { status: 'skip', reason: 'needs A, which failed' },
    });
  });

  it('judges what a selected check needs, without showing it', async () => {
    const results = await statuses(new StubFacts({ file: { '/b': file('/b') } }), {}, ['B']);
    expect(results).toEqual({ B: { status: 'skip', reason: 'needs A, which failed' } });
  });

  it('cannot tell when a needed check could not be judged', async () => {
    const damaged = new StubFacts({
      file: { '/a': file('/a', {}, { state: 'unreadable', reason: 'damaged' }), '/b': file('/b') },
    });
    expect(await statuses(damaged)).toMatchObject({ B: { status: 'unknown', kind: 'inconclusive' } });
  });

  it('binds damage to the records it touches', async () => {
    const gap = (keys?: readonly string[]): Gap => ({
      cause: { level: 'damage', code: 'x/y', message: 'a file is damaged', location: place('/etc/sysctl.d/a.conf') },
      ...(keys ? { keys } : {}),
    });
    const message = 'a file is damaged';
    expect((await statuses(new StubFacts({}, { sysctl: [gap(['a.b'])] }))).F).toMatchObject({
      status: 'unknown',
      message,
    });
    expect((await statuses(new StubFacts({}, { sysctl: [gap()] }))).F).toMatchObject({ status: 'unknown' });
    expect((await statuses(new StubFacts({}, { sysctl: [gap(['c.d'])] }))).F).toMatchObject({ status: 'fail' });
  });

  it('prefers what is set to what is detected, and says which', async () => {
    const { parameters } = await evaluate(contract, there, { set: new Map([['role', 'agent']]) });
    expect(parameters.map(({ name, value, origin }) => [name, value, origin])).toEqual([
      ['platform', 'isar', 'detected'],
      ['role', 'agent', 'set'],
      ['level', 'low', 'default'],
    ]);
  });

  it('cannot tell what hangs on a parameter nobody knows', async () => {
    const facts = new StubFacts({}, { k3s: [{ cause: { level: 'damage', code: 'x/y', message: 'no role' } }] });
    expect((await statuses(facts)).C).toEqual({
      status: 'unknown',
      kind: 'inconclusive',
      message: 'cannot tell (no role) what role is: give it with --set role=...',
    });
  });

  it('lets no default stand in for evidence that cannot be read', async () => {
    const damaged = new StubFacts({}, { k3s: [{ cause: { level: 'damage', code: 'x/y', message: 'no data' } }] });
    const k3s = {
      ...contract,
      parameters: { dir: { detect: 'k3s-data-dir', default: '/var', location: place('/c') } },
    };
    const { parameters } = await evaluate({ ...k3s, checks: [] }, damaged, { set: new Map() });
    expect(parameters[1]).toMatchObject({ name: 'dir', origin: 'undetermined', damage: 'no data' });
  });

  it('lets a platform have its own claim, severity and silence', async () => {
    const { results } = await evaluate(contract, there, { set: new Map([['platform', 'nixos']]) });
    const byId = new Map(results.map((result) => [result.id, result]));
    expect(byId.get('A')?.verdict).toEqual({ status: 'skip', reason: 'not yet' });
    expect(byId.get('G')).toMatchObject({
      severity: 'should',
      verdict: { status: 'fail', message: 'there is no /g-nix' },
    });
  });

  it('fills names in where people read them', async () => {
    const { results } = await evaluate(contract, there, { set: new Map() });
    expect(results[0]?.title).toBe('a of k3s-server.service');
  });
});
