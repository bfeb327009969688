/** The contract's rows have their checks, and every known defect has what shows it and the finding it gives. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterChecks } from '../../src/checks/cluster/cluster-checks.ts';
import { builtInContracts } from '../../src/checks/contracts/registry.ts';
import { lintRules } from '../../src/checks/lint/registry.ts';
import { runLint } from '../../src/checks/lint/run-lint.ts';
import type { MemoryNode } from '../../src/filesystems/memory.ts';
import { agentMutants } from '../e2e/agent-mutants.ts';
import { bootMutants } from '../e2e/boot-mutants.ts';
import { agentClusterMutants } from '../e2e/cluster-mutants.ts';
import { lintMutants } from '../e2e/lint-mutants.ts';
import { n3xAgentMutants, n3xBondingMutants, n3xServerMutants } from '../e2e/n3x-mutants.ts';
import { networkMutants } from '../e2e/network-mutants.ts';
import { type Mutant, serverMutants } from '../e2e/server-mutants.ts';
import { edit, factsOf, judge, loadTree, remove } from '../root/nixos/system-image.ts';
import { contractRows } from './contract-rows.ts';
import { type KnownDefect, knownDefects, type MutantSuite } from './known-defects.ts';

const contracts = await Promise.all(Object.values(builtInContracts).map((load) => load()));
const known = new Set([
  ...contracts.flatMap(({ checks }) => checks.map(({ id }) => id)),
  ...clusterChecks.map(({ id }) => id),
  ...lintRules.map(({ id }) => id),
]);

describe('rows of the contract', () => {
  it('are all there, each once', () => {
    expect(contractRows).toHaveLength(91);
    expect(new Set(contractRows.map(({ row }) => row)).size).toBe(91);
  });

  it.each(contractRows)('$row: $says', ({ checks }) => {
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter((id) => !known.has(id))).toEqual([]);
  });

  it('leave no check of the contract without a row, but those that are about NixOS alone', () => {
    const rows = new Set(contractRows.flatMap(({ checks }) => checks));
    const k3s = contracts.find(({ name }) => name === 'k3s')?.checks ?? [];
    const without = k3s.map(({ id }) => id).filter((id) => !rows.has(id));
    expect(without.filter((id) => !id.startsWith('K3S-NIX-'))).toEqual([]);
  });
});

/** Ids each mutant of the built nodes must give, by suite and name; the suites of test/e2e hold the program to them. */
const idsOf = (verdicts: readonly string[]): readonly string[] => verdicts.map((text) => text.split(' ')[0] ?? '');
const table = (mutants: readonly Mutant[]): readonly (readonly [string, readonly string[]])[] =>
  mutants.map(({ name, finds }) => [name, idsOf(finds.map(({ verdict }) => verdict))]);
const mutantTables: Readonly<Record<MutantSuite, readonly (readonly [string, readonly string[]])[]>> = {
  server: table(serverMutants),
  network: table(networkMutants),
  agent: table(agentMutants),
  n3x: table([...n3xServerMutants, ...n3xAgentMutants, ...n3xBondingMutants]),
  boot: bootMutants.map(({ name, k3s, boot }) => [name, idsOf([...k3s, ...boot])]),
  lint: lintMutants.map(({ name, finds }) => [name, idsOf(finds)]),
  cluster: agentClusterMutants.map(({ name, finding }) => [name, idsOf([finding])]),
};

describe('known defects', () => {
  it('stand here once each', () => {
    expect(new Set(knownDefects.map(({ line }) => line)).size).toBe(knownDefects.length);
    const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `N-${from + i}`);
    const lines = [...numbers(1, 28), ...numbers(40, 53)].map((line) => line.replace(/-(\d)$/, '-0$1'));
    expect(lines.filter((line) => knownDefects.every((one) => one.line !== line))).toEqual([]);
  });

  it.each(knownDefects)('$line: $defect', ({ line, checks, shownBy }: KnownDefect) => {
    expect(checks.filter((id) => !known.has(id))).toEqual([]);
    if ('suite' in shownBy) {
      const found = mutantTables[shownBy.suite].filter(([name]) => name === shownBy.mutant);
      expect(found.length, shownBy.mutant).toBeGreaterThan(0);
      for (const [, ids] of found) expect(ids).toEqual(expect.arrayContaining([...checks]));
      if (checks.length === 0) expect(found).toEqual([[shownBy.mutant, []]]);
    } else if ('nixos' in shownBy) expect(nixosMutants.map((mutant) => mutant.line)).toContain(line);
    else if ('test' in shownBy)
      expect(readFileSync(resolve(import.meta.dirname, '../..', shownBy.test), 'utf8')).toContain(shownBy.title);
    else expect(shownBy.nothing).toMatch(/\S/);
  });
});

type Tree = Awaited<ReturnType<typeof loadTree>>;

interface NixosMutant {
  readonly line: string;
  readonly role?: 'agent';
  readonly change?: (tree: Tree) => void;
  readonly finds: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, string>>;
}

const server = await loadTree('tarball.tar.xz');
const agent = await loadTree('agent.tar.xz');
const unit = '-unit-k3s.service/k3s.service';
const text = (content: string, mode = 0o444): MemoryNode => ({ bytes: Buffer.from(content), mode });
const flags = (tree: Tree, more: string) => edit(tree, unit, '--token-file', `${more} --token-file`);
const secret = `/nix/store/${'a'.repeat(32)}-token`;

/** crypt(3) of `root`: openssl passwd -6 -salt saltsalt root */
const knownHash = '$6$saltsalt$bAY90rAsHhyx.bxmKP9FE5UF4jP1iWgjV0ltM6ZJxfYkiIaCExjBZIbfmqmZEWoR65aM.1nFvG7fF3gYOjHpM.';

const nixosMutants: readonly NixosMutant[] = [
  {
    line: 'N-40',
    change: (tree) => {
      for (const path of Object.keys(tree)) if (path.endsWith('-system-path/bin/nft')) remove(tree, path);
    },
    finds: { 'K3S-PKG-02': 'fail must' },
  },
  { line: 'N-41', role: 'agent', finds: { 'K3S-SVC-06': 'fail should' } },
  {
    line: 'N-42',
    change: (tree) => edit(tree, unit, 'RestartSec=5s', 'RestartSec=10s'),
    finds: { 'K3S-SVC-14': 'fail must' },
  },
  {
    line: 'N-43',
    change: (tree) => {
      flags(tree, '--data-dir=/var/lib/k3s');
      tree['/var/lib/rancher/k3s/server/token'] = text('0a7f4ae3c1b94c19\n', 0o600);
    },
    finds: { 'K3S-CFG-07': 'fail should' },
  },
  {
    line: 'N-44',
    role: 'agent',
    change: (tree) => flags(tree, '--disable-cloud-controller --disable-network-policy'),
    finds: { 'K3S-CFG-02': 'fail must' },
  },
  {
    line: 'N-45',
    change: (tree) => flags(tree, '--kube-controller-manager-arg=pod-eviction-timeout=5m'),
    finds: { 'K3S-CFG-10': 'fail must' },
  },
  {
    line: 'N-46',
    change: (tree) => {
      flags(tree, '--cluster-init');
      edit(tree, unit, '[Service]\n', '[Service]\nEnvironment=K3S_DATASTORE_ENDPOINT=etcd\n');
    },
    finds: { 'K3S-CFG-09': 'fail should' },
  },
  {
    line: 'N-47',
    change: (tree) => {
      tree[secret] = text('test-token-do-not-use-in-production\n');
      edit(tree, unit, '/var/lib/k3s/token', secret);
    },
    finds: { 'K3S-TOK-02': 'fail must', 'K3S-TOK-04': 'fail must', 'K3S-TOK-08': 'fail must' },
  },
  { line: 'N-48', set: { network: 'bonding-vlans' }, finds: { 'K3S-NET-01': 'fail must' } },
  {
    line: 'N-49',
    role: 'agent',
    change: (tree) => {
      edit(tree, unit, '--server https://192.168.1.1:6443', '--node-name=a');
      edit(tree, unit, '/var/lib/k3s/token', '/run/secrets/k3s-token');
    },
    finds: { 'K3S-TOK-06': 'fail must', 'K3S-TOK-09': 'unknown' },
  },
  {
    line: 'N-50',
    set: { network: 'simple' },
    // The profile's interface is configured, by a name that no interface will have.
    change: (tree) => {
      const sysctl = Object.keys(tree).find((path) => path.endsWith('/etc/sysctl.d/60-nixos.conf')) ?? '';
      const etc = sysctl.slice(0, -'/sysctl.d/60-nixos.conf'.length);
      tree[`${etc}/systemd/network/10-eth1.network`] = text('[Match]\nName=eth1\n[Network]\nAddress=192.168.1.2/24\n');
      tree[`${etc}/udev/rules.d/80-net-setup-link.rules`] = text('SUBSYSTEM=="net", ACTION=="add"\n');
      tree[`${etc}/systemd/network/99-default.link`] = text(
        '[Match]\nOriginalName=*\n[Link]\nNamePolicy=keep kernel database onboard slot path\n',
      );
      const units = (Object.keys(tree).find((path) => path.endsWith('/multi-user.target.wants/k3s.service')) ?? '')
        .split('/')
        .slice(0, -2)
        .join('/');
      tree[`${units}/systemd-networkd.service`] = text('[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/x\n');
      tree[`${units}/multi-user.target.wants/systemd-networkd.service`] = { link: '../systemd-networkd.service' };
      flags(tree, '--flannel-iface=eth1');
    },
    finds: { 'K3S-NET-04': 'fail must' },
  },
  {
    line: 'N-51',
    change: (tree) =>
      edit(
        tree,
        '/bin/firewall-start',
        'ip46tables -A nixos-fw -p tcp --dport 6443',
        'ip46tables -A nixos-fw -p tcp --dport 6443 -j DROP\nip46tables -A nixos-fw -p tcp --dport 6443',
      ),
    finds: { 'K3S-FW-01': 'fail must' },
  },
  {
    line: 'N-52',
    change: (tree) => {
      tree['/etc/shadow'] = text(`root:${knownHash}:1::::::\n`, 0o600);
      tree['/etc/passwd'] = text('root:x:0:0::/root:/bin/sh\n');
    },
    finds: { 'accounts/known-password': 'fail' },
  },
  {
    line: 'N-53',
    change: (tree) => edit(tree, '/bin/.k3s-wrapped', 'v1.32.1+k3s1', 'v1.34.2+k3s1'),
    finds: { 'K3S-BIN-02': 'fail must' },
  },
];

describe('known defects of NixOS systems', () => {
  it.each(nixosMutants)('$line', async ({ line, role, change, finds, set = {} }) => {
    const tree = { ...(role === 'agent' ? agent : server) };
    const before = await verdictsOf(tree, set);
    change?.(tree);
    const after = await verdictsOf(tree, set);
    expect(Object.fromEntries(Object.keys(finds).map((id) => [id, after.get(id)]))).toEqual(finds);
    // A change brings its findings and no other.
    const brought = [...after].filter(([id, status]) => status.startsWith('fail') && before.get(id) !== status);
    if (change) expect(brought.map(([id]) => id).filter((id) => !(id in finds) && id !== 'K3S-BIN-07')).toEqual([]);
    expect(knownDefects.find((one) => one.line === line)?.checks).toEqual(Object.keys(finds));
  });
});

/** Of the contract, and of the lint rule about passwords. */
async function verdictsOf(tree: Tree, set: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  const facts = factsOf(tree);
  const rules = lintRules.filter(({ id }) => id === 'accounts/known-password');
  const linted = await runLint(rules, facts);
  return new Map([...(await judge(facts, set)), ...linted.map(({ id, verdict }) => [id, verdict.status] as const)]);
}
