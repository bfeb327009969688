/** One defect each in network, firewall and images of the clean server, and exactly what has to be found. */
import type { Mutant } from './server-mutants.ts';

const defaults = '/etc/default/k3s-server';
const network = '/etc/systemd/network/20-eth1.network';
const nftables = '/etc/nftables.conf';
const address = 'Address=192.168.1.1/24';

/** A rule in the first line of the input chain of Debian's empty filter. */
const filtered = (id: string, rule: string, severity: 'must' | 'should' = 'must'): Mutant => ({
  name: `${rule} in nftables.conf`,
  changes: [
    {
      replace: nftables,
      from: '\t\ttype filter hook input priority filter;\n',
      by: `\t\ttype filter hook input priority filter;\n\t\t${rule}\n`,
    },
  ],
  finds: [{ verdict: `${id} fail/${severity}`, at: `${nftables}:8` }],
});

export const networkMutants: readonly Mutant[] = [
  {
    name: 'no --flannel-iface',
    changes: [{ replace: defaults, from: '--flannel-iface=eth1 ', by: '' }],
    finds: [{ verdict: 'K3S-NET-01 fail/must', at: '/usr/lib/systemd/system/k3s-server.service' }],
  },
  {
    name: 'the network file is for another interface',
    changes: [{ replace: network, from: 'Name=eth1', by: 'Name=eth0' }],
    finds: [{ verdict: 'K3S-NET-02 fail/must' }],
  },
  {
    name: 'no address',
    changes: [{ replace: network, from: address, by: 'LLDP=yes' }],
    finds: [{ verdict: 'K3S-NET-03 fail/must', at: network }],
    options: ['--set', 'network=simple'],
  },
  {
    name: 'services inside of pods',
    changes: [{ replace: defaults, from: '--node-ip', by: '--service-cidr=10.42.0.0/24 --node-ip' }],
    finds: [{ verdict: 'K3S-NET-05 fail/should', at: `${defaults}:2` }],
  },
  {
    name: 'ifupdown takes the same interface',
    changes: [
      { folder: '/etc/network' },
      { write: '/etc/network/interfaces', text: 'auto eth1\niface eth1 inet dhcp\n' },
      {
        write: '/etc/systemd/system/networking.service',
        text: '[Unit]\nDescription=ifupdown\n[Service]\nType=oneshot\nExecStart=/bin/true\n',
      },
      { folder: '/etc/systemd/system/multi-user.target.d' },
      { write: '/etc/systemd/system/multi-user.target.d/net.conf', text: '[Unit]\nWants=networking.service\n' },
    ],
    finds: [{ verdict: 'K3S-NET-07 fail/should', at: '/etc/systemd/system/multi-user.target.d/net.conf:2' }],
  },
  {
    name: 'the address of another node',
    changes: [{ replace: defaults, from: '192.168.1.1', by: '192.168.1.2' }],
    finds: [{ verdict: 'K3S-NET-09 fail/should', at: `${defaults}:2` }],
  },
  {
    name: 'a virtual device that does not say of what kind',
    changes: [{ write: '/etc/systemd/network/30-br0.netdev', text: '[NetDev]\nName=br0\n' }],
    finds: [{ verdict: 'K3S-NET-12 fail/should', at: '/etc/systemd/network/30-br0.netdev' }],
  },
  {
    name: 'the host name of every image',
    changes: [{ write: '/etc/hostname', text: 'node\n' }],
    finds: [{ verdict: 'K3S-NET-10 fail/should', at: '/etc/hostname:1' }],
  },
  {
    name: 'forwarding turned off by a network file',
    changes: [{ replace: network, from: address, by: `${address}\nIPv4Forwarding=no` }],
    finds: [{ verdict: 'K3S-SYS-08 fail/should', at: `${network}:6` }],
  },
  {
    name: 'an archive of images that is a page',
    changes: [
      { folder: '/var/lib/rancher/k3s/agent' },
      { folder: '/var/lib/rancher/k3s/agent/images' },
      { write: '/var/lib/rancher/k3s/agent/images/k3s.tar', text: '<html>404</html>\n' },
    ],
    finds: [{ verdict: 'K3S-AIR-01 fail/must', at: '/var/lib/rancher/k3s/agent/images/k3s.tar' }],
  },
  {
    name: 'the interface is renamed by a link file',
    changes: [{ write: '/etc/systemd/network/10-eth1.link', text: '[Match]\nOriginalName=eth1\n[Link]\nName=lan1\n' }],
    finds: [{ verdict: 'K3S-NET-04 fail/must', at: '/etc/systemd/network/10-eth1.link:4' }],
  },
  filtered('K3S-FW-01', 'tcp dport 6443 drop'),
  filtered('K3S-FW-02', 'tcp dport 2379 drop'),
  filtered('K3S-FW-03', 'tcp dport 2380 reject'),
  filtered('K3S-FW-04', 'tcp dport { 10250, 10255 } drop'),
  filtered('K3S-FW-05', 'udp dport 8472 drop'),
  filtered('K3S-FW-06', 'iifname "eth*" udp dport 51820 drop'),
  filtered('K3S-FW-07', 'ct state new tcp dport 32000-65535 drop'),
  filtered('K3S-FW-08', 'meta l4proto udp th dport 32000-32100 drop'),
  filtered('K3S-FW-01', 'ip saddr 10.0.0.0/8 tcp dport 6443 drop', 'should'),
  filtered('K3S-FW-09', 'tcp dport 22 acept'),
];
