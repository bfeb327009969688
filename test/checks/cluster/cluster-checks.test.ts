/** Nodes as records, and what the cross checks find between them. */
import { describe, expect, it } from 'vitest';
import { clusterChecks } from '../../../src/checks/cluster/cluster-checks.ts';
import type { ClusterNode, Told } from '../../../src/checks/cluster/cluster-node.ts';
import { findClusters, hostOf, type NamedNode } from '../../../src/checks/cluster/find-clusters.ts';
import type { Location } from '../../../src/location.ts';

const place = (image: string, path: string): Location => ({ source: `${image}!p2`, path });

/** A node of a healthy cluster; what differs is given. */
function node(image: string, more: Partial<ClusterNode> & { readonly address?: string } = {}): NamedNode {
  const told = (value: string, path: string): Told => ({ value, location: place(image, path) });
  const { address = `10.0.0.${image.length}/24`, role = 'server', ...rest } = more;
  return {
    image,
    node: {
      role,
      name: told(image.replace('.img', ''), '/etc/hostname'),
      addresses: [told(address, '/etc/systemd/network/10.network')],
      aliases: [],
      version: told('v1.32.5+k3s1', '/usr/bin/k3s'),
      tokens: [{ ...told('aaaa0001', '/token'), for: 'servers' }],
      ranges: role === 'server' ? [{ flag: 'cluster-cidr', value: '10.42.0.0/16' }] : [],
      vlans: [],
      ...(role === 'agent' ? { joins: told('https://10.0.0.5:6443', '/etc/default/k3s-agent') } : {}),
      ...(role === 'server' && !('joins' in rest) ? { starts: place(image, '/usr/bin/k3s') } : {}),
      ...rest,
    },
  };
}
const told = (value: string): Told => ({ value, location: place('x', '/set/here') });

const first = node('a.img');
const second = node('bb.img', { joins: told('https://10.0.0.5:6443') });
const agent = node('ccc.img', { role: 'agent' });

/** Findings of the clusters among the nodes: `id severity sentence`. */
function findings(nodes: readonly NamedNode[], together = false): string[] {
  return findClusters(nodes, together).flatMap((cluster) =>
    clusterChecks.flatMap(({ id, severity, judge }) => {
      const verdict = judge(cluster);
      return verdict.status === 'fail' ? [`${id} ${verdict.severity ?? severity} ${verdict.message}`] : [];
    }),
  );
}

describe('which images are compared', () => {
  const clusters = (nodes: readonly NamedNode[], together = false) =>
    findClusters(nodes, together).map(({ machines }) => machines.map((machine) => machine.map(({ image }) => image)));

  it('a server and those that join it or have its token', () => {
    expect(clusters([first, second, agent])).toEqual([[['a.img'], ['bb.img'], ['ccc.img']]]);
    const other = node('dddd.img', { tokens: [{ ...told('bbbb'), for: 'servers' }] });
    expect(clusters([first, other])).toEqual([]);
    expect(clusters([first, other], true)).toEqual([[['a.img'], ['dddd.img']]]);
  });

  it('not one node in several formats, nor its variants for other networks', () => {
    const disk = { ...first, image: 'a.ext4' };
    const variant = { ...node('a.img', { address: '192.168.7.1/24' }), image: 'a-vlans.ext4' };
    expect(clusters([first, disk, variant])).toEqual([]);
    expect(clusters([first, disk, agent, variant])).toEqual([[['a.img', 'a.ext4', 'a-vlans.ext4'], ['ccc.img']]]);
    expect(findings([first, disk, agent, variant])).toEqual([]);
  });

  it('two clusters apart', () => {
    const tokens: ClusterNode['tokens'] = [{ ...told('cccc'), for: 'servers' }];
    const [server, worker] = [
      node('x.img', { tokens, address: '10.1.0.1/24' }),
      node('yy.img', { role: 'agent', tokens, address: '10.1.0.2/24', joins: told('https://10.1.0.1:6443') }),
    ];
    expect(clusters([first, server, agent, worker])).toEqual([
      [['a.img'], ['ccc.img']],
      [['x.img'], ['yy.img']],
    ]);
  });

  it.each([
    ['https://10.0.0.5:6443', '10.0.0.5'],
    ['https://[FD00::1]:6443/', 'fd00::1'],
    ['https://Server-1', 'server-1'],
    ['server-1', undefined],
  ])('the host of %s', (url, host) => {
    expect(hostOf(url)).toBe(host);
  });
});

describe('a cluster of three', () => {
  it('is whole', () => {
    const [cluster] = findClusters([first, second, agent]);
    const verdicts = clusterChecks.map(({ id, judge }) => [id, cluster && judge(cluster).status]);
    expect(verdicts).toEqual([
      ['K3S-CLU-01', 'pass'],
      ['K3S-CLU-02', 'pass'],
      ['K3S-CLU-03', 'skip'],
      ['K3S-CLU-04', 'pass'],
      ['K3S-CLU-05', 'pass'],
      ['K3S-CLU-06', 'pass'],
      ['K3S-CLU-07', 'skip'],
      ['K3S-CLU-08', 'pass'],
      ['K3S-CLU-09', 'pass'],
    ]);
  });

  const vlan = (id: string) => [{ ...told(id), interface: 'eth1.200' }];
  const changed: readonly (readonly [string, readonly NamedNode[], string])[] = [
    [
      'one name twice',
      [first, second, node('ccc.img', { role: 'agent', name: told('a') })],
      'K3S-CLU-01 should a.img and ccc.img have the node name a both',
    ],
    [
      'one address twice',
      [first, second, node('ccc.img', { role: 'agent', address: '10.0.0.6/16' })],
      'K3S-CLU-02 must bb.img and ccc.img have the address 10.0.0.6 both',
    ],
    [
      'one machine id twice',
      [
        node('a.img', { machineId: told('f'.repeat(32)) }),
        node('ccc.img', { role: 'agent', machineId: told('f'.repeat(32)) }),
      ],
      `K3S-CLU-03 must a.img and ccc.img have the machine id ${'f'.repeat(32)} both`,
    ],
    [
      'another token',
      [first, second, node('ccc.img', { role: 'agent', tokens: [{ ...told('other'), for: 'servers' }] })],
      'K3S-CLU-04 must ccc.img has another token than a.img',
    ],
    [
      'a server with another token',
      [first, node('bb.img', { joins: told('https://a:6443'), tokens: [{ ...told('other'), for: 'servers' }] })],
      'K3S-CLU-04 must bb.img has another token than a.img',
    ],
    [
      'another release',
      [first, second, node('ccc.img', { role: 'agent', version: told('v1.32.6+k3s1') })],
      'K3S-CLU-05 should the nodes differ in the version of k3s: v1.32.5+k3s1 in a.img and bb.img, v1.32.6+k3s1 in ccc.img',
    ],
    [
      'another series',
      [first, node('ccc.img', { role: 'agent', version: told('v1.33.1+k3s1') })],
      'K3S-CLU-05 must the nodes differ in the version of k3s: v1.32.5+k3s1 in a.img, v1.33.1+k3s1 in ccc.img',
    ],
    [
      'other ranges',
      [
        first,
        node('bb.img', { joins: told('https://a:6443'), ranges: [{ flag: 'cluster-cidr', value: '10.99.0.0/16' }] }),
      ],
      'K3S-CLU-06 must the nodes differ in --cluster-cidr: 10.42.0.0/16 in a.img, 10.99.0.0/16 in bb.img',
    ],
    [
      'another VLAN',
      [node('a.img', { vlans: vlan('200') }), node('ccc.img', { role: 'agent', vlans: vlan('201') })],
      'K3S-CLU-07 must the nodes differ in the VLAN id of eth1.200: 200 in a.img, 201 in ccc.img',
    ],
    [
      'two that start a cluster',
      [first, node('bb.img'), agent],
      'K3S-CLU-08 must a.img and bb.img each start a cluster of their own',
    ],
    [
      'none that starts one',
      [node('a.img', { joins: told('https://10.0.0.6:6443') }), second],
      'K3S-CLU-08 must every server joins another one, and none starts the cluster',
    ],
    [
      'an address that no server has',
      [first, node('ccc.img', { role: 'agent', joins: told('https://10.0.0.99:6443') })],
      'K3S-CLU-09 must ccc.img joins https://10.0.0.99:6443, which is no server of the set',
    ],
  ];
  it.each(changed)('%s', (_what, nodes, finding) => {
    expect(findings(nodes)).toEqual([finding]);
  });
});

describe('what the image does not decide is no finding', () => {
  it.each<[string, readonly NamedNode[]]>([
    [
      'a host name that may lead anywhere',
      [first, node('ccc.img', { role: 'agent', joins: told('https://k3s.example.org:6443') })],
    ],
    [
      'a load balancer among the names of the certificate',
      [
        node('a.img', { aliases: ['10.0.0.99'] }),
        node('ccc.img', { role: 'agent', joins: told('https://10.0.0.99:6443') }),
      ],
    ],
    [
      'a server whose address DHCP gives',
      [node('a.img', { addresses: [] }), node('ccc.img', { role: 'agent', joins: told('https://10.0.0.99:6443') })],
    ],
    [
      'a first server elsewhere',
      [
        node('bb.img', { joins: told('https://10.0.0.77:6443'), addresses: [] }),
        node('ccc.img', { role: 'agent', joins: told('https://bb:6443') }),
      ],
    ],
    [
      'a token of agents',
      [
        node('a.img', { tokens: [...first.node.tokens, { ...told('agents'), for: 'agents' }] }),
        node('ccc.img', { role: 'agent', tokens: [{ ...told('agents'), for: 'servers' }] }),
      ],
    ],
    ['a token that comes later', [first, node('ccc.img', { role: 'agent', tokens: [] })]],
    ['a configuration that could not be read', [first, node('bb.img', { incomplete: 'a bad block' })]],
  ])('%s', (_what, nodes) => {
    expect(findings(nodes)).toEqual([]);
  });

  it('but all that is given is one cluster when the user says so', () => {
    const disk = { ...first, image: 'copy.img' };
    expect(findings([first, disk], true).map((line) => line.slice(0, 10))).toEqual([
      'K3S-CLU-01',
      'K3S-CLU-02',
      'K3S-CLU-08',
    ]);
  });
});
