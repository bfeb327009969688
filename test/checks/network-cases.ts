/** Nodes of every network profile as text trees, and one defect each for the checks of network, firewall and airgap images. */
import { readFileSync } from 'node:fs';
import type { MemoryTree } from '../../src/filesystems/memory.ts';
import { makeTar } from '../facts/airgap/make-tar.ts';
import { makeModuleLists } from '../facts/kernel/make-module-index.ts';
import { base, type Profile, profileFiles, started } from '../facts/network/nodes.ts';

const files = new URL('../images/files/', import.meta.url);
const interfaces: Readonly<Record<Profile, string>> = {
  simple: 'eth1',
  vlans: 'eth1.200',
  'bonding-vlans': 'bond0.200',
};
const modules = '/usr/lib/modules/6.12.107';

export const options = (profile: Profile): string => {
  const address = profile === 'simple' ? '192.168.1.1' : '192.168.200.1';
  return `K3S_SERVER_OPTS="--flannel-iface=${interfaces[profile]} --node-ip=${address}"\n`;
};

/** A server of a profile that keeps the contract in what is judged here. */
export function goodServer(profile: Profile): MemoryTree {
  return {
    ...base,
    ...profileFiles(profile),
    ...started('k3s-server.service'),
    '/usr/lib/systemd/system/k3s-server.service': readFileSync(new URL('k3s-server.service', files), 'utf8'),
    '/etc/default/k3s-server': options(profile),
    '/etc/hostname': 'server-1\n',
    [`${modules}/modules.builtin`]: 'kernel/net/bridge/bridge.ko\n',
    ...makeModuleLists(modules, 'kernel/net/8021q/8021q.ko:\nkernel/drivers/net/bonding/bonding.ko:\n'),
  };
}

export const commandLine = 'root=/dev/vda2 net.ifnames=0 quiet';

export interface NetworkCase {
  readonly check: string;
  readonly name: string;
  readonly profile: Profile;
  /** Files changed; undefined takes one away. */
  readonly change: Readonly<Record<string, MemoryTree[string] | undefined>>;
  readonly commandLine?: string;
  /** Given with --set, where the defect hides what is detected. */
  readonly set?: Readonly<Record<string, string>>;
  readonly severity: 'must' | 'should';
  /** `path:line`, or a path. */
  readonly at?: string;
  /** Other checks that speak of the same defect. */
  readonly with?: readonly string[];
}

const network = '/etc/systemd/network';
const defaults = '/etc/default/k3s-server';
const cluster = `${network}/20-vlan-cluster`;
const nftables = '/etc/nftables.conf';
const nftablesUnit = '[Unit]\nDescription=nftables\n[Service]\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\n';

/** A filter that lets everything in but some ports. */
const closing = (match: string): NetworkCase['change'] => ({
  ...started('nftables.service'),
  '/usr/lib/systemd/system/nftables.service': nftablesUnit,
  [nftables]: `table inet filter {\n chain input {\n  type filter hook input priority 0;\n  ${match} drop\n }\n}\n`,
});

const closed = (check: string, match: string): NetworkCase => ({
  check,
  name: `${match} drop`,
  profile: 'simple',
  change: closing(match),
  severity: 'must',
  at: `${nftables}:4`,
});

const vlan = (name: string, id: number | string): string => `[NetDev]\nName=${name}\nKind=vlan\n\n[VLAN]\nId=${id}\n`;
const archive = (architecture: string, name = 'docker.io/rancher/mirrored-pause:3.6'): Uint8Array =>
  makeTar({
    'manifest.json': JSON.stringify([{ Config: 'c.json', RepoTags: [name] }]),
    'c.json': JSON.stringify({ architecture }),
  });
const images = '/var/lib/rancher/k3s/agent/images';

export const networkCases: readonly NetworkCase[] = [
  {
    check: 'K3S-NET-01',
    name: 'the flag names another interface',
    profile: 'vlans',
    change: { [defaults]: 'K3S_SERVER_OPTS="--flannel-iface=eth1"\n' },
    severity: 'must',
    at: `${defaults}:1`,
  },
  {
    check: 'K3S-NET-01',
    name: 'the flag is not set',
    profile: 'simple',
    change: { [defaults]: 'K3S_SERVER_OPTS=""\n' },
    severity: 'must',
    at: '/usr/lib/systemd/system/k3s-server.service',
  },
  {
    check: 'K3S-NET-02',
    name: 'no .netdev file',
    profile: 'vlans',
    change: { [`${cluster}.netdev`]: undefined },
    severity: 'must',
    at: `${network}/15-eth1.network:5`,
  },
  {
    check: 'K3S-NET-02',
    name: 'the VLAN is not listed by its parent',
    profile: 'vlans',
    change: { [`${network}/15-eth1.network`]: '[Match]\nName=eth1\n\n[Network]\nVLAN=eth1.100\n' },
    severity: 'must',
    at: `${cluster}.netdev`,
  },
  {
    check: 'K3S-NET-02',
    name: 'a file for a manager that is masked',
    profile: 'simple',
    change: { '/etc/systemd/system/systemd-networkd.service': { link: '/dev/null' } },
    severity: 'must',
    at: `${network}/20-eth1.network`,
    with: ['K3S-NET-07'],
  },
  {
    check: 'K3S-NET-02',
    name: 'a VLAN id out of range',
    profile: 'bonding-vlans',
    change: { [`${cluster}.netdev`]: vlan('bond0.200', 4095) },
    severity: 'must',
    at: `${cluster}.netdev:6`,
  },
  {
    check: 'K3S-NET-02',
    name: 'a bond without members',
    profile: 'bonding-vlans',
    change: { [`${network}/10-eth1.network`]: undefined, [`${network}/10-eth2.network`]: undefined },
    severity: 'must',
    at: `${network}/10-bond0.netdev`,
  },
  {
    check: 'K3S-NET-02',
    name: 'parents that stand on each other',
    profile: 'vlans',
    change: {
      [`${network}/10-eth1.netdev`]: vlan('eth1', 5),
      [`${cluster}.network`]: '[Match]\nName=eth1.200\n[Network]\nAddress=192.168.200.1/24\nVLAN=eth1\n',
    },
    severity: 'must',
    at: `${cluster}.netdev`,
  },
  {
    check: 'K3S-NET-03',
    name: 'neither address nor DHCP',
    profile: 'vlans',
    change: {
      [`${cluster}.network`]: '[Match]\nName=eth1.200\n\n[Network]\nLinkLocalAddressing=no\n',
      [defaults]: 'K3S_SERVER_OPTS="--flannel-iface=eth1.200"\n',
    },
    severity: 'must',
    at: `${cluster}.network`,
  },
  {
    check: 'K3S-NET-03',
    name: 'an earlier file takes the interface',
    profile: 'simple',
    change: {
      [`${network}/10-all.network`]: '[Match]\nName=eth*\n\n[Network]\nLinkLocalAddressing=yes\n',
      [defaults]: 'K3S_SERVER_OPTS="--flannel-iface=eth1"\n',
    },
    severity: 'must',
    at: `${network}/10-all.network`,
  },
  {
    check: 'K3S-NET-04',
    name: 'predictable names stay on',
    profile: 'bonding-vlans',
    change: {},
    commandLine: 'root=/dev/vda2 quiet',
    severity: 'must',
    at: '/usr/lib/systemd/network/99-default.link',
  },
  {
    check: 'K3S-NET-04',
    name: 'a link file gives another name',
    profile: 'simple',
    change: { [`${network}/10-x.link`]: '[Match]\nOriginalName=eth1\n[Link]\nName=lan1\n' },
    severity: 'must',
    at: `${network}/10-x.link:4`,
  },
  {
    check: 'K3S-NET-05',
    name: 'services inside of pods',
    profile: 'simple',
    change: { [defaults]: `${options('simple').trim().slice(0, -1)} --service-cidr=10.42.128.0/17"\n` },
    severity: 'should',
    at: `${defaults}:1`,
  },
  {
    check: 'K3S-NET-05',
    name: 'DNS outside of the services',
    profile: 'simple',
    change: { [defaults]: `${options('simple').trim().slice(0, -1)} --cluster-dns=10.44.0.10"\n` },
    severity: 'should',
    at: `${defaults}:1`,
  },
  {
    check: 'K3S-NET-05',
    name: 'a node inside of the pods',
    profile: 'simple',
    change: { [`${network}/30-eth2.network`]: '[Match]\nName=eth2\n[Network]\nAddress=10.42.7.1/24\n' },
    severity: 'should',
    at: `${network}/30-eth2.network:4`,
  },
  {
    check: 'K3S-NET-06',
    name: 'another mode',
    profile: 'bonding-vlans',
    change: {
      [`${network}/10-bond0.netdev`]: '[NetDev]\nName=bond0\nKind=bond\n[Bond]\nMode=802.3ad\nMIIMonitorSec=100ms\n',
    },
    severity: 'should',
    at: `${network}/10-bond0.netdev:5`,
  },
  {
    check: 'K3S-NET-06',
    name: 'no preferred member',
    profile: 'bonding-vlans',
    change: { [`${network}/10-eth1.network`]: '[Match]\nName=eth1\n[Network]\nBond=bond0\n' },
    severity: 'should',
    at: `${network}/10-bond0.netdev`,
  },
  {
    check: 'K3S-NET-07',
    name: 'ifupdown takes the same interface',
    profile: 'simple',
    change: { ...started('networking.service'), '/etc/network/interfaces': 'auto eth1\niface eth1 inet dhcp\n' },
    severity: 'should',
    at: '/etc/systemd/system/multi-user.target.wants/networking.service',
  },
  {
    check: 'K3S-NET-07',
    name: 'networkd is masked',
    profile: 'simple',
    change: { '/etc/systemd/system/systemd-networkd.service': { link: '/dev/null' } },
    severity: 'should',
    at: `${network}/20-eth1.network`,
    with: ['K3S-NET-02'],
  },
  {
    check: 'K3S-NET-08',
    name: 'no bonding module',
    profile: 'bonding-vlans',
    change: makeModuleLists(modules, 'kernel/net/8021q/8021q.ko:\n'),
    severity: 'should',
    at: `${network}/10-bond0.netdev`,
  },
  {
    check: 'K3S-NET-08',
    name: 'modules that no index lists',
    profile: 'vlans',
    change: { [`${modules}/modules.dep.bin`]: '' },
    severity: 'should',
    at: `${modules}/modules.dep.bin`,
  },
  {
    check: 'K3S-NET-09',
    name: 'an address of another node',
    profile: 'simple',
    change: { [defaults]: 'K3S_SERVER_OPTS="--flannel-iface=eth1 --node-ip=192.168.1.2"\n' },
    severity: 'should',
    at: `${network}/20-eth1.network:5`,
  },
  {
    check: 'K3S-NET-10',
    name: 'a placeholder',
    profile: 'simple',
    change: { '/etc/hostname': '# set at first boot\nnode\n' },
    severity: 'should',
    at: '/etc/hostname:2',
  },
  {
    check: 'K3S-NET-10',
    name: 'no name',
    profile: 'simple',
    change: { '/etc/hostname': undefined },
    severity: 'should',
  },
  {
    check: 'K3S-NET-11',
    name: 'another id than the name says',
    profile: 'vlans',
    change: { [`${cluster}.netdev`]: vlan('eth1.200', 201) },
    severity: 'should',
    at: `${cluster}.netdev:6`,
  },
  {
    check: 'K3S-NET-11',
    name: 'the storage VLAN has another id',
    profile: 'vlans',
    change: { [`${network}/20-vlan-storage.netdev`]: vlan('eth1.100', 101) },
    severity: 'should',
    at: `${network}/20-vlan-storage.netdev:6`,
  },
  {
    check: 'K3S-NET-11',
    name: 'stacked on another interface',
    profile: 'vlans',
    change: {
      [`${network}/15-eth1.network`]: '[Match]\nName=eth1\n[Network]\nVLAN=eth1.100\n',
      [`${network}/15-eth2.network`]: '[Match]\nName=eth2\n[Network]\nVLAN=eth1.200\n',
    },
    severity: 'should',
    at: `${network}/15-eth2.network:4`,
  },
  {
    check: 'K3S-NET-12',
    name: 'netplan is a list',
    profile: 'simple',
    change: { '/etc/netplan/50-lan.yaml': '# made by hand\n- network\n' },
    severity: 'should',
    at: '/etc/netplan/50-lan.yaml:2',
  },
  {
    check: 'K3S-NET-12',
    name: 'netplan is an alias bomb',
    profile: 'simple',
    change: {
      '/etc/netplan/50-lan.yaml': `network:\n  a: &a [x, x]\n${Array.from({ length: 40 }, (_, i) => `  b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`}, *${i === 0 ? 'a' : `b${i - 1}`}]\n`).join('')}`,
    },
    severity: 'should',
    at: '/etc/netplan/50-lan.yaml:3',
  },
  {
    check: 'K3S-NET-12',
    name: 'a device without a kind',
    profile: 'simple',
    change: { [`${network}/40-lan.netdev`]: '[NetDev]\nName=lan0\n' },
    severity: 'should',
    at: `${network}/40-lan.netdev`,
  },
  {
    check: 'K3S-NET-12',
    name: 'a line that is no assignment',
    profile: 'simple',
    change: { [`${network}/40-lan.network`]: '[Match]\nName=eth7\n[Network]\nDHCP yes\n' },
    severity: 'should',
    at: `${network}/40-lan.network:4`,
  },
  {
    check: 'K3S-NET-12',
    name: 'a connection that everybody may read',
    profile: 'simple',
    change: {
      '/etc/NetworkManager/system-connections/lan.nmconnection': {
        text: '[connection]\ntype=ethernet\ninterface-name=eth7\n',
        mode: 0o644,
      },
    },
    severity: 'should',
    at: '/etc/NetworkManager/system-connections/lan.nmconnection',
  },
  {
    check: 'K3S-SYS-08',
    name: 'a network file turns forwarding off',
    profile: 'simple',
    change: { [`${network}/20-eth1.network.d/x.conf`]: '[Network]\nIPv4Forwarding=no\n' },
    severity: 'should',
    at: `${network}/20-eth1.network.d/x.conf:2`,
  },
  {
    check: 'K3S-SYS-08',
    name: 'networkd turns forwarding off for all interfaces',
    profile: 'simple',
    change: { '/etc/systemd/networkd.conf.d/x.conf': '[Network]\nIPv4Forwarding=no\n' },
    severity: 'should',
    at: '/etc/systemd/networkd.conf.d/x.conf:2',
  },
  closed('K3S-FW-01', 'tcp dport 6443'),
  closed('K3S-FW-02', 'tcp dport 2379'),
  closed('K3S-FW-03', 'tcp dport { 2380 }'),
  closed('K3S-FW-04', 'iifname "eth1" tcp dport 10250'),
  closed('K3S-FW-05', 'udp dport 8472'),
  closed('K3S-FW-06', 'udp dport 51000-52000'),
  closed('K3S-FW-07', 'tcp dport 32767'),
  closed('K3S-FW-08', 'udp dport 31000'),
  {
    check: 'K3S-FW-09',
    name: 'a policy that nft does not know',
    profile: 'simple',
    change: {
      ...closing('tcp dport 6443'),
      [nftables]: 'table inet f {\n chain c {\n  type filter hook input priority 0; policy dorp;\n }\n}\n',
    },
    severity: 'must',
    at: `${nftables}:3`,
  },
  {
    check: 'K3S-FW-01',
    name: 'open to some senders only',
    profile: 'simple',
    change: closing('ip saddr != 10.0.0.0/8 tcp dport 6443'),
    severity: 'should',
    at: `${nftables}:4`,
  },
  {
    check: 'K3S-AIR-01',
    name: 'images for another architecture',
    profile: 'simple',
    change: { [`${images}/pause.tar`]: archive('arm64') },
    set: { architecture: 'amd64' },
    severity: 'must',
    at: `${images}/pause.tar`,
  },
  {
    check: 'K3S-AIR-01',
    name: 'an archive that does not open',
    profile: 'simple',
    change: { [`${images}/pause.tar`]: '<html>404</html>' },
    set: { architecture: 'amd64' },
    severity: 'must',
    at: `${images}/pause.tar`,
  },
  {
    check: 'K3S-AIR-01',
    name: 'images of another series',
    profile: 'simple',
    change: { [`${images}/k3s-v1.31.4+k3s1-images.tar`]: archive('amd64') },
    set: { architecture: 'amd64' },
    severity: 'must',
    at: `${images}/k3s-v1.31.4+k3s1-images.tar`,
  },
  {
    check: 'K3S-AIR-01',
    name: 'a name k3s passes over',
    profile: 'simple',
    change: { [`${images}/pause.tar.xz`]: 'x' },
    set: { architecture: 'amd64' },
    severity: 'should',
    at: `${images}/pause.tar.xz`,
  },
];

/** Checks whose defects are shown by trees of text. */
export const networkChecks: readonly string[] = [...new Set(networkCases.map(({ check }) => check))];
