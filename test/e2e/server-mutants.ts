/** One defect each in the clean server, and exactly what has to be found: check, severity, path and line. */
import type { Change } from './mutant-disk.ts';

export interface Mutant {
  readonly name: string;
  readonly changes: readonly Change[];
  /** Every finding the clean node does not have, `ID status/severity`, and where. */
  readonly finds: readonly { readonly verdict: string; readonly at?: string }[];
  readonly options?: readonly string[];
}

const unit = '/usr/lib/systemd/system/k3s-server.service';
const dropIns = '/etc/systemd/system/k3s-server.service.d';
const token = '/var/lib/rancher/k3s/server/token';
const status = '/var/lib/dpkg/status';

const must = (id: string, at?: string) => ({ verdict: `${id} fail/must`, ...(at === undefined ? {} : { at }) });
const should = (id: string, at?: string) => ({ verdict: `${id} fail/should`, ...(at === undefined ? {} : { at }) });

/** A later drop-in that undoes one directive. */
const undone = (id: string, line: string, severity = must): Mutant => ({
  name: `${line} in a later drop-in`,
  changes: [{ folder: dropIns }, { write: `${dropIns}/zz.conf`, text: `[Service]\n${line}\n` }],
  finds: [severity(id, `${dropIns}/zz.conf:2`)],
});

const later = (id: string, assignment: string): Mutant => ({
  name: `${assignment} in a later sysctl file`,
  changes: [{ write: '/etc/sysctl.d/zz-local.conf', text: `# site\n${assignment}\n` }],
  finds: [must(id, '/etc/sysctl.d/zz-local.conf:2')],
});

const removed = (id: string, name: string, between = ''): Mutant => ({
  name: `${name} removed, its configuration left`,
  changes: [
    {
      replace: status,
      from: `Package: ${name}\n${between}Status: install ok installed`,
      by: `Package: ${name}\n${between}Status: deinstall ok config-files`,
    },
  ],
  finds: [must(id, status)],
});

const withoutFile = (id: string, path: string): Mutant => ({
  name: `${path} deleted after installation`,
  changes: [{ remove: path }],
  finds: [must(id, path)],
});

export const serverMutants: readonly Mutant[] = [
  {
    name: 'k3s not executable',
    changes: [{ chmod: '/usr/bin/k3s', mode: 0o644 }],
    finds: [must('K3S-BIN-01', '/usr/bin/k3s')],
  },
  {
    name: 'k3s of another series',
    changes: [
      { patch: '/usr/bin/k3s', from: 'v1.32.5+k3s1', by: 'v1.31.5+k3s1' },
      { replace: status, from: 'Version: 1.32.5\n', by: 'Version: 1.31.5\n' },
    ],
    finds: [must('K3S-BIN-02', '/usr/bin/k3s')],
  },
  {
    name: 'k3s for arm64',
    changes: [{ patch: '/usr/bin/k3s', at: 18, bytes: [183] }],
    finds: [must('K3S-BIN-03', '/usr/bin/k3s')],
  },
  {
    name: 'kubectl links to nothing',
    changes: [{ link: '/usr/bin/kubectl', to: 'k3s-1.31' }],
    finds: [must('K3S-BIN-04', '/usr/bin/kubectl')],
  },
  {
    name: 'crictl is missing',
    changes: [{ remove: '/usr/bin/crictl' }],
    finds: [must('K3S-BIN-05', '/usr/bin/crictl')],
  },
  {
    name: 'ctr is another program',
    changes: [{ link: '/usr/bin/ctr', to: '/usr/bin/socat' }],
    finds: [must('K3S-BIN-06', '/usr/bin/ctr')],
  },
  {
    name: 'package of another version than its program',
    changes: [{ replace: status, from: 'Version: 1.32.5\n', by: 'Version: 1.32.4\n' }],
    finds: [should('K3S-BIN-07')],
  },
  {
    name: 'a second k3s first in PATH',
    changes: [{ copy: '/usr/bin/socat', to: '/usr/local/bin/k3s' }],
    finds: [should('K3S-BIN-08', '/usr/local/bin/k3s')],
  },

  {
    name: 'unit masked',
    changes: [{ link: '/etc/systemd/system/k3s-server.service', to: '/dev/null' }],
    finds: [must('K3S-SVC-03', '/etc/systemd/system/k3s-server.service')],
  },
  {
    // Without the preset the first boot would enable it again.
    name: 'unit not enabled, and a preset keeps it so',
    changes: [
      { remove: '/etc/systemd/system/multi-user.target.wants/k3s-server.service' },
      { folder: '/etc/systemd/system-preset' },
      { write: '/etc/systemd/system-preset/00-site.preset', text: 'disable k3s-server.service\n' },
    ],
    finds: [must('K3S-SVC-03')],
  },
  {
    name: 'unit is not a unit',
    changes: [{ write: unit, text: 'Type=notify\n[Service\n' }],
    finds: [must('K3S-SVC-01', `${unit}:2`)],
  },
  {
    name: 'both roles enabled',
    changes: [
      { copy: unit, to: '/usr/lib/systemd/system/k3s-agent.service' },
      {
        link: '/etc/systemd/system/multi-user.target.wants/k3s-agent.service',
        to: '/usr/lib/systemd/system/k3s-agent.service',
      },
    ],
    finds: [must('K3S-SVC-04')],
    options: ['--set', 'role=server'],
  },
  {
    name: 'server unit runs the agent',
    changes: [{ replace: unit, from: '/usr/bin/k3s server', by: '/usr/bin/k3s agent' }],
    finds: [must('K3S-SVC-05', `${unit}:21`)],
    options: ['--set', 'role=server'],
  },
  undone('K3S-SVC-06', 'Type=exec'),
  undone('K3S-SVC-06', 'Type=notify-reload', should),
  undone('K3S-SVC-07', 'KillMode=mixed'),
  undone('K3S-SVC-08', 'Delegate=no'),
  {
    // A list adds to what is delegated already; only a reset narrows it.
    name: 'Delegate= narrowed to controllers',
    changes: [
      { folder: dropIns },
      { write: `${dropIns}/zz.conf`, text: '[Service]\nDelegate=\nDelegate=cpu memory\n' },
    ],
    finds: [should('K3S-SVC-08', `${dropIns}/zz.conf:3`)],
  },
  undone('K3S-SVC-09', 'LimitNOFILE=65536'),
  undone('K3S-SVC-10', 'LimitNPROC=4096'),
  undone('K3S-SVC-11', 'LimitCORE=0'),
  undone('K3S-SVC-12', 'TasksMax=80%'),
  undone('K3S-SVC-13', 'Restart=on-failure'),
  undone('K3S-SVC-14', 'RestartSec=10'),
  {
    name: 'RestartSec missing',
    changes: [{ replace: unit, from: 'RestartSec=5s\n', by: '' }],
    finds: [must('K3S-SVC-14', unit)],
  },
  undone('K3S-SVC-15', 'RestartSecs=5s', should),
  {
    name: 'required environment file missing',
    changes: [
      { folder: dropIns },
      { write: `${dropIns}/env.conf`, text: '[Service]\nEnvironmentFile=/etc/default/k3s-extra\n' },
    ],
    finds: [must('K3S-SVC-16', `${dropIns}/env.conf:2`)],
  },
  {
    name: 'unit in the root directory',
    changes: [{ copy: unit, to: '/k3s-server.service' }],
    finds: [should('K3S-SVC-17', '/k3s-server.service')],
  },
  {
    name: 'nothing waits for the network',
    changes: [{ link: '/etc/systemd/system/systemd-networkd-wait-online.service', to: '/dev/null' }],
    finds: [should('K3S-SVC-18')],
  },

  {
    name: 'configuration directory too open',
    changes: [{ chmod: '/etc/rancher/k3s', mode: 0o777 }],
    finds: [must('K3S-CFG-01', '/etc/rancher/k3s')],
  },
  {
    name: 'config.yaml is a list',
    changes: [{ write: '/etc/rancher/k3s/config.yaml', text: '- a\n- b\n' }],
    finds: [must('K3S-CFG-02', '/etc/rancher/k3s/config.yaml:1')],
  },
  {
    name: 'broken file in config.yaml.d',
    changes: [
      { folder: '/etc/rancher/k3s/config.yaml.d' },
      { write: '/etc/rancher/k3s/config.yaml.d/10.yaml', text: 'disable: [traefik\n' },
    ],
    finds: [must('K3S-CFG-03', '/etc/rancher/k3s/config.yaml.d/10.yaml')],
  },
  {
    name: 'environment file missing',
    changes: [{ remove: '/etc/default/k3s-server' }],
    finds: [must('K3S-CFG-04', '/etc/default/k3s-server'), must('K3S-NET-01')],
  },
  {
    name: 'data directory of another owner',
    changes: [{ chown: '/var/lib/rancher/k3s', uid: 1000 }],
    finds: [must('K3S-CFG-06', '/var/lib/rancher/k3s')],
  },
  {
    name: 'token left in the default directory',
    changes: [
      {
        replace: '/etc/default/k3s-server',
        from: '"--flannel',
        by: '"--data-dir=/srv/k3s --token-file=/root/token --flannel',
      },
      { folder: '/srv/k3s' },
      { write: '/root/token', text: 'K10aa::server:bb\n', mode: 0o600 },
    ],
    finds: [should('K3S-CFG-07')],
  },
  {
    name: 'root mounted read-only',
    changes: [{ replace: '/etc/fstab', from: 'ext4\tdefaults', by: 'ext4\tdefaults,ro' }],
    finds: [should('K3S-CFG-08', '/etc/fstab')],
  },

  { name: 'no token', changes: [{ remove: token }], finds: [must('K3S-TOK-01', token)] },
  { name: 'token 0644', changes: [{ chmod: token, mode: 0o644 }], finds: [must('K3S-TOK-02', token)] },
  {
    name: 'token of two lines',
    changes: [{ write: token, text: 'K10aa\nK10bb\n', mode: 0o600 }],
    finds: [must('K3S-TOK-03', token)],
  },
  {
    name: 'public test token',
    changes: [{ write: token, text: 'test-cluster-fixed-token-for-automated-testing\n', mode: 0o600 }],
    finds: [must('K3S-TOK-04', token)],
  },
  {
    name: 'public test token on a test node',
    changes: [{ write: token, text: 'test-cluster-fixed-token-for-automated-testing\n', mode: 0o600 }],
    options: ['--set', 'environment=test'],
    finds: [],
  },
  {
    name: 'node token 0644',
    changes: [{ write: '/var/lib/rancher/k3s/server/node-token', text: 'K10x::server:y\n' }],
    finds: [should('K3S-TOK-05', '/var/lib/rancher/k3s/server/node-token')],
  },
  {
    name: 'token in the environment file',
    changes: [
      { write: '/etc/default/k3s-server', text: 'K3S_SERVER_OPTS=--flannel-iface=eth1\nK3S_TOKEN=4f1c8a90d2\n' },
    ],
    finds: [must('K3S-TOK-08', '/etc/default/k3s-server:2')],
  },

  withoutFile('K3S-PKG-01', '/usr/sbin/iptables'),
  withoutFile('K3S-PKG-02', '/usr/sbin/nft'),
  withoutFile('K3S-PKG-03', '/usr/bin/ip'),
  withoutFile('K3S-PKG-04', '/usr/sbin/modprobe'),
  withoutFile('K3S-PKG-05', '/usr/bin/socat'),
  withoutFile('K3S-PKG-06', '/usr/sbin/ipset'),
  withoutFile('K3S-PKG-07', '/usr/sbin/ethtool'),
  withoutFile('K3S-PKG-08', '/usr/sbin/conntrack'),
  withoutFile('K3S-PKG-09', '/usr/sbin/brctl'),
  removed('K3S-PKG-10', 'util-linux', 'Essential: yes\n'),
  removed('K3S-PKG-11', 'systemd'),
  removed('K3S-PKG-05', 'socat'),
  {
    name: 'manifest of another build beside the image',
    changes: [{ beside: 'mutant.manifest', text: 'socat|1.0|socat:amd64|1.0\n' }],
    finds: [should('K3S-PKG-12')],
  },

  ...(['overlay', 'br_netfilter', 'iscsi_tcp', 'dm_crypt'] as const).map(
    (name, index): Mutant => ({
      name: `${name} may not be loaded`,
      changes: [{ write: '/etc/modprobe.d/site.conf', text: `# site\ninstall ${name} /bin/false\n` }],
      finds: [must(`K3S-MOD-0${index + 1}`, '/etc/modprobe.d/site.conf:2')],
    }),
  ),
  {
    name: 'dm_crypt not requested',
    changes: [{ replace: '/etc/modules-load.d/k3s.conf', from: 'dm_crypt\n', by: '' }],
    finds: [must('K3S-MOD-04')],
  },
  {
    name: 'overlay left to k3s',
    changes: [{ replace: '/etc/modules-load.d/k3s.conf', from: 'overlay\n', by: '' }],
    finds: [should('K3S-MOD-01')],
  },
  {
    name: 'swap in fstab',
    changes: [
      { write: '/swapfile', text: 'x', mode: 0o600 },
      { replace: '/etc/fstab', from: '# End /etc/fstab', by: '/swapfile\tnone\tswap\tsw\t0\t0\n# End /etc/fstab' },
    ],
    finds: [should('K3S-MOD-09')],
  },
  later('K3S-SYS-01', 'net.ipv4.ip_forward=0'),
  later('K3S-SYS-02', 'net/ipv6/conf/all/forwarding = 0'),
  later('K3S-SYS-03', 'net.bridge.bridge-nf-call-iptables=0'),
  later('K3S-SYS-04', 'net.bridge.bridge-nf-call-ip6tables=0'),
  later('K3S-SYS-05', 'fs.inotify.max_user_watches=8192'),
  later('K3S-SYS-06', 'fs.inotify.max_user_instances=512'),
  {
    name: 'br_netfilter loaded by k3s only, after its parameters were set',
    changes: [{ replace: '/etc/modules-load.d/k3s.conf', from: 'br_netfilter\n', by: '' }],
    finds: [must('K3S-MOD-02'), should('K3S-SYS-07')],
  },
  {
    name: 'boots into the rescue shell',
    changes: [{ link: '/etc/systemd/system/default.target', to: '/usr/lib/systemd/system/rescue.target' }],
    finds: [must('K3S-VT-02'), must('K3S-SVC-03'), must('K3S-NET-02'), should('K3S-NET-07')],
  },
];
