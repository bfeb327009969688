/** The checks of network, firewall and airgap images on whole text trees: silent on every clean profile, one finding for one defect. */
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/check.ts';
import k3s from '../../src/checks/contracts/k3s.yaml';
import { evaluate } from '../../src/checks/evaluate.ts';
import { severityOf } from '../../src/checks/result.ts';
import { ImageError } from '../../src/errors.ts';
import type { MemoryTree } from '../../src/filesystems/memory.ts';
import { factsOf, type Profile } from '../facts/network/nodes.ts';
import { commandLine as good, goodServer, networkCases, networkChecks } from './network-cases.ts';

async function judge(tree: MemoryTree, set: Readonly<Record<string, string>> = {}, commandLine = good) {
  const facts = await factsOf(tree, commandLine);
  const { results, parameters } = await evaluate(k3s, facts, {
    set: new Map(Object.entries({ platform: 'isar', ...set })),
    isSelected: (id) => networkChecks.includes(id),
  });
  const network = parameters.find(({ name }) => name === 'network');
  return { results, network };
}

const ended = (results: readonly CheckResult[], status: string) =>
  results.filter(({ verdict }) => verdict.status === status).map(({ id }) => id);

function changed(tree: MemoryTree, change: Readonly<Record<string, MemoryTree[string] | undefined>>): MemoryTree {
  const all = { ...tree, ...change };
  return Object.fromEntries(Object.entries(all).filter(([, node]) => node !== undefined)) as MemoryTree;
}

describe('clean nodes', () => {
  it.each<[Profile, readonly string[]]>([
    ['simple', ['K3S-NET-06', 'K3S-NET-08', 'K3S-NET-11', 'K3S-FW-09', 'K3S-AIR-01']],
    ['vlans', ['K3S-NET-06', 'K3S-FW-09', 'K3S-AIR-01']],
    ['bonding-vlans', ['K3S-FW-09', 'K3S-AIR-01']],
  ])('%s: detected, and all that applies passes', async (profile, skipped) => {
    const { results, network } = await judge(goodServer(profile), { architecture: 'amd64' });
    expect(network).toMatchObject({ value: profile, origin: 'detected' });
    expect([ended(results, 'fail'), ended(results, 'unknown')]).toEqual([[], []]);
    expect(ended(results, 'skip')).toEqual(skipped);
  });

  it('a profile with DHCP is told from one with a static address', async () => {
    const tree = changed(goodServer('simple'), {
      '/etc/systemd/network/20-eth1.network': '[Match]\nName=eth1\n\n[Network]\nDHCP=yes\n',
      '/etc/default/k3s-server': 'K3S_SERVER_OPTS="--flannel-iface=eth1"\n',
    });
    const { results, network } = await judge(tree);
    expect(network?.value).toBe('dhcp-simple');
    expect(ended(results, 'fail')).toEqual([]);
  });

  it('a node of no profile is not judged by one', async () => {
    const tree = changed(goodServer('simple'), {
      '/etc/systemd/network/20-eth1.network': '[Match]\nName=en*\n\n[Network]\nDHCP=yes\n',
      '/etc/default/k3s-server': 'K3S_SERVER_OPTS=""\n',
    });
    const { results, network } = await judge(tree);
    expect(network).toMatchObject({ value: 'none', origin: 'default' });
    expect(ended(results, 'fail')).toEqual([]);
    expect(results.find(({ id }) => id === 'K3S-NET-01')?.verdict.status).toBe('skip');
  });

  it('images that fit are no finding', async () => {
    const { change } = networkCases.find(({ name }) => name === 'images for another architecture') ?? { change: {} };
    const { results } = await judge(changed(goodServer('simple'), change), { architecture: 'arm64' });
    expect(results.find(({ id }) => id === 'K3S-AIR-01')?.verdict.status).toBe('pass');
  });
});

describe('one defect', () => {
  it.each(networkCases)(
    '$check: $name',
    async ({ check, profile, change, commandLine, set, severity, at, with: more = [] }) => {
      const { results } = await judge(changed(goodServer(profile), change), { network: profile, ...set }, commandLine);
      expect(ended(results, 'fail').sort()).toEqual([check, ...more].sort());
      const result = results.find(({ id }) => id === check) as CheckResult;
      expect(severityOf(result)).toBe(severity);
      const places = 'evidence' in result.verdict ? (result.verdict.evidence ?? []) : [];
      const named = places.flatMap(({ location: { path, line } }) => [`${path}`, `${path}:${line}`]);
      if (at !== undefined) expect(named).toContain(at);
    },
  );
});

describe('what cannot be told', () => {
  it('names, where the kernel command line is not in the image', async () => {
    const facts = await factsOf(goodServer('simple'));
    const { results } = await evaluate(k3s, facts, {
      set: new Map([['platform', 'isar']]),
      isSelected: (id) => id === 'K3S-NET-04',
    });
    expect(results.map(({ verdict }) => verdict)).toMatchObject([{ status: 'unknown', kind: 'undecidable' }]);
  });

  it.each<[string, string, MemoryTree]>([
    [
      'K3S-FW-01',
      'a filter with an object nobody knows',
      { '/etc/nftables.conf': 'table inet f {\n wall w {\n }\n}\n' },
    ],
    [
      'K3S-NET-02',
      'a damaged network file',
      {
        '/etc/systemd/network/20-eth1.network': {
          text: '[Match]',
          error: new ImageError('corrupt', 'ext4/bad-checksum', 'bad checksum'),
        },
      },
    ],
    [
      'K3S-NET-03',
      'an interface that dhcpcd may configure',
      {
        '/etc/systemd/network/20-eth1.network': '[Match]\nName=eth9\n[Network]\nDHCP=yes\n',
        '/usr/lib/systemd/system/dhcpcd.service': '[Service]\nExecStart=/usr/sbin/dhcpcd\n',
        '/etc/systemd/system/multi-user.target.wants/dhcpcd.service': {
          link: '/usr/lib/systemd/system/dhcpcd.service',
        },
      },
    ],
  ])('%s: %s', async (check, _, change) => {
    const loads = networkCases.find((one) => one.check === 'K3S-FW-01')?.change ?? {};
    const tree = changed(goodServer('simple'), { ...(check === 'K3S-FW-01' ? loads : {}), ...change });
    const { results } = await judge(tree, { network: 'simple' });
    expect(results.find(({ id }) => id === check)?.verdict).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
  });
});
