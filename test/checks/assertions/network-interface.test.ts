import { describe, expect, it } from 'vitest';
import { networkInterfaceAssertion } from '../../../src/checks/assertions/network-interface.ts';
import { portAssertion } from '../../../src/checks/assertions/port.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { nftables } from '../../facts/firewall/decide.ts';
import { base, factsOf, profileFiles } from '../../facts/network/nodes.ts';
import { judge } from '../judge.ts';

async function judgeOn(tree: MemoryTree, kind: string, options: object) {
  return judge(kind, options, await factsOf(tree, 'net.ifnames=0'));
}

describe('network-interface', () => {
  const bonding = { ...base, ...profileFiles('bonding-vlans') };
  it.each<[object, string]>([
    [{ name: 'bond0.200', exists: true }, 'pass'],
    [{ name: 'bond0.300', exists: true }, 'fail'],
    [{ name: 'eth7', exists: true }, 'fail'],
    [{ name: 'bond0.200', addressed: true }, 'pass'],
    [{ name: 'bond0', addressed: true }, 'fail'],
    [{ name: 'bond0.200', 'stable-name': true }, 'pass'],
    [{ name: 'bond0.200', vlan: 200, parent: 'bond0' }, 'pass'],
    [{ name: 'bond0.200', vlan: 201 }, 'fail'],
    [{ name: 'bond0.200', parent: 'eth1' }, 'fail'],
    [{ name: 'bond0', bond: { mode: 'active-backup', primary: 'eth1', monitor: 100 } }, 'pass'],
    [{ name: 'bond0', bond: { primary: 'eth2' } }, 'fail'],
    [{ name: 'bond0.200', bond: { mode: 'active-backup' } }, 'fail'],
  ])('%j: %s', async (options, status) => {
    expect((await judgeOn(bonding, 'network-interface', options)).status).toBe(status);
  });

  it('predictable names are missed where the kernel keeps its own', async () => {
    const tree = { ...base, '/etc/systemd/network/10.network': '[Match]\nName=enp1s0\n[Network]\nDHCP=yes\n' };
    expect((await judgeOn(tree, 'network-interface', { name: 'enp1s0', 'stable-name': true })).status).toBe('fail');
  });

  it('a match by hardware address is for the machine to tell', async () => {
    const match = '[Match]\nMACAddress=52:54:00:00:00:01\n[Network]\nDHCP=yes\n';
    const tree = { ...base, '/etc/systemd/network/10.network': match };
    for (const claim of ['exists', 'addressed'])
      expect(await judgeOn(tree, 'network-interface', { name: 'eth1', [claim]: true })).toMatchObject({
        kind: 'undecidable',
      });
  });

  it('a claim that says nothing cannot fail', () => {
    expect(networkInterfaceAssertion.cannotFail?.({ name: 'eth1' })).toMatch(/nothing/);
    expect(networkInterfaceAssertion.cannotFail?.({ name: 'eth1', exists: true })).toBeUndefined();
  });
});

describe('port', () => {
  const tree = nftables(
    'table inet f {\n chain i {\n  type filter hook input priority 0; policy drop;\n  iifname "eth1" tcp dport 6443 accept\n  tcp dport 30000-32000 accept\n }\n}\n',
  );
  it.each<[object, string, RegExp]>([
    [{ port: 6443, protocol: 'tcp', interface: 'eth1' }, 'pass', /^$/],
    [{ port: 6443, protocol: 'tcp', interface: 'eth2' }, 'fail', /closed by policy drop of inet f i/],
    [{ port: 6443, protocol: 'tcp', interface: 'any' }, 'fail', /under a condition only: iifname "eth1"/],
    [{ port: '30000-32767', protocol: 'tcp' }, 'fail', /32001-32767\/tcp \(of 30000-32767\/tcp\) is closed/],
  ])('%j: %s', async (options, status, message) => {
    const verdict = await judgeOn(tree, 'port', options);
    expect(verdict.status).toBe(status);
    expect('message' in verdict ? verdict.message : '').toMatch(message);
  });

  it('a port out of range cannot fail', () => {
    expect(portAssertion.cannotFail?.({ port: 70_000, protocol: 'tcp' })).toMatch(/no port/);
  });
});
