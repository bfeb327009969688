/** Configuration of any kind, cut, shuffled and damaged: facts are made all the same, and problems have a line of their file. */
import { expect, it } from 'vitest';
import { decidePort } from '../../../src/facts/firewall/decide-port.ts';
import { findCycle, findHardware, findSetup } from '../../../src/facts/network/interface-graph.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { base, factsOf, profileFiles, started } from './nodes.ts';

const texts: Readonly<Record<string, string>> = {
  ...(profileFiles('bonding-vlans') as Readonly<Record<string, string>>),
  '/etc/systemd/network/10-x.link': '[Match]\nOriginalName=eth*\n[Link]\nNamePolicy=keep\nName=lan0\n',
  '/etc/udev/rules.d/70-net.rules': 'SUBSYSTEM=="net", ATTR{address}=="aa", NAME="eth2"\n',
  '/etc/network/interfaces':
    'auto eth1 bond0.5\niface eth1 inet dhcp\niface bond0.5 inet static\n address 10.0.0.1/8\n',
  '/etc/NetworkManager/system-connections/a.nmconnection':
    '[connection]\ntype=vlan\ninterface-name=v\n[vlan]\nid=5\nparent=eth1\n[ipv4]\naddress1=10.0.0.1/8\n',
  '/etc/netplan/a.yaml': 'network:\n  vlans:\n    v5: {id: 5, link: eth1, addresses: [10.0.0.5/8]}\n',
  '/etc/iptables/rules.v4':
    '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m multiport --dports 1,2:3 -j ACCEPT\nCOMMIT\n',
  '/etc/ufw/ufw.conf': 'ENABLED=yes\n',
  '/etc/ufw/user.rules': '*filter\n-A ufw-user-input -p tcp --dport 22 -j ACCEPT\nCOMMIT\n',
  '/etc/firewalld/zones/public.xml':
    '<zone target="DROP"><rule><port port="1-2" protocol="tcp"/><accept/></rule></zone>\n',
};
const services = ['networking', 'NetworkManager', 'netfilter-persistent', 'ufw', 'firewalld'];

let seed = 7;
function random(bound: number): number {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed % bound;
}

const scraps = [
  '\n',
  '=',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '\\',
  '\0',
  '\ud800',
  '<',
  '>',
  ' ',
  ':',
  '!',
  '-A',
  '*',
  '&a',
  '*a',
  '%',
];

function damage(text: string): string {
  let result = text;
  for (let step = random(4); step >= 0; step--) {
    const at = random(result.length + 1);
    const scrap = scraps[random(scraps.length)] ?? '';
    const kinds = [
      () => result.slice(0, at),
      () => result.slice(0, at) + scrap + result.slice(at),
      () => result.slice(0, at) + scrap + result.slice(at + 1 + random(5)),
      () => result + result.slice(at),
    ];
    result = kinds[random(kinds.length)]?.() ?? result;
  }
  return result;
}

it('never throws', async () => {
  for (let run = 0; run < 150; run++) {
    const files: MemoryTree = Object.fromEntries(
      Object.entries(texts).map(([path, text]) => [path, { text: damage(text), mode: 0o600 }]),
    );
    const units: MemoryTree = Object.assign({}, ...services.map((name) => started(`${name}.service`)));
    const facts = await factsOf({ ...base, ...units, ...files }, 'quiet');
    const network = facts.get('network').value;
    for (const name of ['eth1', 'bond0.200', 'v5', 'v', '']) {
      findSetup(network, name);
      findHardware(network, name);
      findCycle(network, name);
    }
    for (const { location } of network.problems) expect(Object.keys(texts)).toContain(location.path);
    const { state } = decidePort(facts.get('firewall').value, { protocol: 'tcp', from: 1, to: 100 });
    expect(['open', 'closed', 'conditional', 'unknown']).toContain(state);
  }
});
