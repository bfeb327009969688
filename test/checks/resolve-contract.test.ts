import { describe, expect, it } from 'vitest';
import { completeContract } from '../../src/checks/language/complete-contract.ts';
import { parseContract } from '../../src/checks/language/parse-contract.ts';
import { resolveContract } from '../../src/checks/resolve-contract.ts';
import { checkImage } from '../cli/command-line.ts';

const contract = completeContract(
  parseContract(
    `contract: c
parameters:
  role: { values: [server, agent], detect: k3s-role }
  site: { default: here }
concepts:
  service:
    variants:
      - { when: { platform: nixos }, value: k3s.service }
      - { value: "k3s-\${role}.service" }
platforms:
  nixos: { skip: not for NixOS }
checks:
  A-1: { title: "\${service} starts at \${site}", unit: { name: "\${service}", started: boot } }
  A-2: { title: only servers, when: { role: server }, sysctl: { key: a.b, value: 1 } }
  A-3:
    title: another on NixOS
    sysctl: { key: a.b, value: 1 }
    platforms: { nixos: { severity: info, sysctl: { key: c.d, value: 2 } } }
  A-4: { title: nobody knows, undecidable: only a machine can tell }
`,
    'c.yaml',
  ),
);
const resolve = (set: Readonly<Record<string, string>>) =>
  resolveContract(contract, new Map(Object.entries(set))).map(({ id, severity, state, claims }) => [
    id,
    state,
    severity,
    ...claims.map(({ options }) => options.name ?? options.key),
  ]);

describe('a resolved contract', () => {
  it('has what holds for a platform and a role', () => {
    expect(resolve({ platform: 'isar', role: 'server' })).toEqual([
      ['A-1', 'judged', 'must', 'k3s-server.service'],
      ['A-2', 'judged', 'must', 'a.b'],
      ['A-3', 'judged', 'must', 'a.b'],
      ['A-4', 'undecidable', 'must'],
    ]);
    expect(resolve({ platform: 'debian', role: 'agent' }).map(([id]) => id)).toEqual(['A-1', 'A-3', 'A-4']);
    expect(resolve({ platform: 'nixos', role: 'agent' })).toEqual([
      ['A-1', 'skipped', 'must'],
      ['A-3', 'judged', 'info', 'c.d'],
      ['A-4', 'skipped', 'must'],
    ]);
  });

  it('leaves open what only an image can tell', () => {
    expect(resolve({ platform: 'isar' }).slice(0, 2)).toEqual([
      ['A-1', 'judged', 'must', '<service>'],
      ['A-2', 'open', 'must', 'a.b'],
    ]);
  });

  it('is what `contract show --set` prints', async () => {
    const { code, out } = await checkImage('contract', 'show', 'k3s', '--set', 'platform=isar', '--set', 'role=agent');
    expect(code).toBe(0);
    expect(out).toMatch(
      /\n {2}K3S-SVC-03 {2}must {4}The k3s service is started at boot\n {22}unit: \{ name: k3s-agent/,
    );
    expect(out).not.toContain('K3S-SVC-01');
    expect((await checkImage('contract', 'show', 'k3s', '--set', 'role=boss')).err).toContain('role cannot be boss');
  });
});
