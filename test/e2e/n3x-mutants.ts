/**
 * The defects that a review of n3x found in its images, one each in the clean nodes, by the line of that review. Those of them that
 * other suites have already are named in `test/checks/known-defects.ts`, where every line has its finding.
 */
import type { Mutant } from './server-mutants.ts';

export interface KnownMutant extends Mutant {
  /** `N-01`. */
  readonly line: string;
}

const status = '/var/lib/dpkg/status';
const token = '/var/lib/rancher/k3s/server/token';
const publicToken = 'test-cluster-fixed-token-for-automated-testing\n';
const unit = '/usr/lib/systemd/system/k3s-server.service';
const must = (id: string, at?: string) => ({ verdict: `${id} fail/must`, ...(at === undefined ? {} : { at }) });
const should = (id: string, at?: string) => ({ verdict: `${id} fail/should`, ...(at === undefined ? {} : { at }) });

const installed = (name: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.32.5\nDescription: k3s\n\n`;

export const n3xServerMutants: readonly KnownMutant[] = [
  {
    line: 'N-01',
    name: 'k3s of the series 1.35',
    changes: [
      { patch: '/usr/bin/k3s', from: 'v1.32.5+k3s1', by: 'v1.35.0+k3s3' },
      { replace: status, from: 'Version: 1.32.5\n', by: 'Version: 1.35.0\n' },
    ],
    finds: [must('K3S-BIN-02', '/usr/bin/k3s')],
  },
  {
    line: 'N-02',
    name: '512 inotify instances',
    changes: [
      { replace: '/etc/sysctl.d/99-k3s.conf', from: 'max_user_instances = 8192', by: 'max_user_instances = 512' },
    ],
    finds: [must('K3S-SYS-06', '/etc/sysctl.d/99-k3s.conf')],
  },
  {
    line: 'N-03',
    name: 'no storage modules',
    changes: [{ write: '/etc/modules-load.d/k3s.conf', text: 'overlay\nnf_conntrack\nbr_netfilter\n' }],
    finds: [must('K3S-MOD-03'), must('K3S-MOD-04')],
  },
  {
    line: 'N-04',
    name: 'empty options',
    changes: [{ write: '/etc/default/k3s-server', text: 'K3S_SERVER_OPTS=""\n' }],
    finds: [must('K3S-NET-01')],
  },
  {
    line: 'N-05',
    name: 'a token whose mode the packaging changed',
    changes: [{ chmod: token, mode: 0o644 }],
    finds: [must('K3S-TOK-02', token)],
  },
  {
    line: 'N-06',
    name: 'the public test token',
    changes: [{ write: token, text: publicToken, mode: 0o600 }],
    finds: [must('K3S-TOK-04', token)],
  },
  {
    line: 'N-09',
    name: 'one package with both units, which presets enable',
    changes: [{ copy: unit, to: '/usr/lib/systemd/system/k3s-agent.service' }],
    finds: [must('K3S-SVC-04')],
    options: ['--set', 'role=server'],
  },
  {
    line: 'N-10',
    name: 'units in the root directory',
    changes: [
      { copy: unit, to: '/k3s-server.service' },
      { copy: unit, to: '/disable-swap.service' },
      { folder: '/multi-user.target.wants' },
    ],
    finds: [should('K3S-SVC-17', '/k3s-server.service')],
  },
  {
    line: 'N-11',
    name: 'both packages installed',
    changes: [{ replace: status, from: 'Package: k3s-server\n', by: `${installed('k3s-agent')}Package: k3s-server\n` }],
    finds: [must('K3S-SVC-04')],
    options: ['--set', 'role=server'],
  },
  {
    line: 'N-18',
    name: 'a package that depends on iptables only',
    changes: ['/usr/bin/socat', '/usr/sbin/ipset', '/usr/sbin/ethtool', '/usr/sbin/conntrack', '/usr/sbin/brctl'].map(
      (path) => ({ remove: path }),
    ),
    finds: ['05', '06', '07', '08', '09'].map((number) => must(`K3S-PKG-${number}`)),
  },
  { line: 'N-20', name: 'the empty packet filter of Debian', changes: [], finds: [] },
  {
    line: 'N-21',
    name: 'a package for all architectures with a program in it',
    changes: [
      {
        replace: status,
        from: 'Architecture: amd64\nVersion: 1.32.5\nDepends: iptables',
        by: 'Architecture: all\nVersion: 1.32.5\nDepends: iptables',
      },
    ],
    finds: [should('K3S-BIN-07')],
  },
  {
    line: 'N-22',
    name: 'the previous program from a cache, in a new package',
    changes: [{ patch: '/usr/bin/k3s', from: 'v1.32.5+k3s1', by: 'v1.31.9+k3s1' }],
    finds: [must('K3S-BIN-02', '/usr/bin/k3s'), should('K3S-BIN-07')],
  },
  {
    line: 'N-45',
    name: 'an argument that Kubernetes removed',
    changes: [
      {
        replace: '/etc/default/k3s-server',
        from: '--node-ip',
        by: '--kube-controller-manager-arg=pod-eviction-timeout=5m --node-ip',
      },
    ],
    finds: [must('K3S-CFG-10', '/etc/default/k3s-server:2')],
  },
  {
    line: 'N-46',
    name: 'a datastore beside the embedded one',
    changes: [
      {
        write: '/etc/default/k3s-server',
        text: 'K3S_SERVER_OPTS="--flannel-iface=eth1 --node-ip=192.168.1.1 --cluster-init"\nK3S_DATASTORE_ENDPOINT="etcd"\n',
      },
    ],
    finds: [should('K3S-CFG-09', '/etc/default/k3s-server:2')],
  },
];

const agentOptions = 'K3S_AGENT_OPTS="--flannel-iface=eth1 --node-ip=192.168.1.3"\n';

export const n3xAgentMutants: readonly KnownMutant[] = [
  {
    line: 'N-06',
    name: 'the public test token',
    changes: [{ write: '/etc/rancher/k3s/agent-token', text: publicToken, mode: 0o600 }],
    finds: [must('K3S-TOK-04', '/etc/rancher/k3s/agent-token')],
  },
  {
    line: 'N-07',
    name: 'the token where only servers read it, and no server to join',
    changes: [
      { write: '/etc/default/k3s-agent', text: agentOptions },
      { folder: '/var/lib/rancher/k3s/server' },
      { write: token, text: 'K10a1b2c3\n', mode: 0o600 },
    ],
    finds: [must('K3S-TOK-06'), must('K3S-TOK-07')],
  },
  {
    line: 'N-08',
    name: 'no link that enables the unit, only presets, and no server to join',
    changes: [
      { remove: '/etc/systemd/system/multi-user.target.wants/k3s-agent.service' },
      { replace: '/etc/default/k3s-agent', from: 'K3S_URL=https://192.168.1.1:6443\n', by: '' },
    ],
    finds: [must('K3S-TOK-06')],
  },
];

/** On the disk with bonded interfaces. */
export const n3xBondingMutants: readonly KnownMutant[] = [
  {
    line: 'N-14',
    name: 'a bond of another mode than the profile',
    changes: [{ replace: '/etc/systemd/network/10-bond0.netdev', from: 'Mode=active-backup', by: 'Mode=802.3ad' }],
    finds: [should('K3S-NET-06')],
  },
];
