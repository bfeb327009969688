/** Facts of a node that keeps the k3s contract in every point; tests change one thing in it. */

import { k3sOptions } from '../../src/checks/rules/kernel/k3s-options.ts';
import type { InstalledKernel } from '../../src/facts/kernel/kernel-fact.ts';
import { createTable } from '../../src/table.ts';
import { goodBoot } from './good-boot.ts';
import { directive, emptyKernel, file, link, place, type StubValues, unit } from './stub-facts.ts';

export type Role = 'server' | 'agent';
export const dataDir = '/var/lib/rancher/k3s';

const packages: readonly (readonly [string, string])[] = [
  ['iptables', '/usr/sbin/iptables'],
  ['nftables', '/usr/sbin/nft'],
  ['iproute2', '/usr/bin/ip'],
  ['kmod', '/usr/sbin/modprobe'],
  ['socat', '/usr/bin/socat'],
  ['ipset', '/usr/sbin/ipset'],
  ['ethtool', '/usr/sbin/ethtool'],
  ['conntrack', '/usr/sbin/conntrack'],
  ['bridge-utils', '/usr/sbin/brctl'],
  ['util-linux', '/usr/bin/mount'],
  ['systemd', '/usr/lib/systemd/systemd'],
];

const directives: readonly (readonly [string, string])[] = [
  ['Unit.After', 'network-online.target'],
  ['Service.Type', 'notify'],
  ['Service.KillMode', 'process'],
  ['Service.Delegate', 'yes'],
  ['Service.LimitNOFILE', '1048576'],
  ['Service.LimitNPROC', 'infinity'],
  ['Service.LimitCORE', 'infinity'],
  ['Service.TasksMax', 'infinity'],
  ['Service.Restart', 'always'],
  ['Service.RestartSec', '5s'],
];

export const modules = ['overlay', 'br_netfilter', 'iscsi_tcp', 'dm_crypt'];
const sysctls: readonly (readonly [string, string])[] = [
  ['net.ipv4.ip_forward', '1'],
  ['net.ipv6.conf.all.forwarding', '1'],
  ['net.bridge.bridge-nf-call-iptables', '1'],
  ['net.bridge.bridge-nf-call-ip6tables', '1'],
  ['fs.inotify.max_user_watches', '524288'],
  ['fs.inotify.max_user_instances', '8192'],
];

const options = Object.values(k3sOptions).flatMap((group) => group.map(({ name }) => [name, 'y'] as const));

export const kernel: InstalledKernel = {
  release: '6.12.107',
  modulesPath: '/usr/lib/modules/6.12.107',
  modules: createTable(
    [...modules, 'nf_tables', 'nft_compat'].map((name) => [
      name,
      { name, state: 'available', location: place('/usr/lib/modules/6.12.107/modules.dep') },
    ]),
  ),
  image: place('/boot/vmlinuz-6.12.107'),
  config: createTable(options),
  configLocation: place('/boot/config-6.12.107'),
};

export function goodNode(role: Role): Required<Pick<StubValues, 'file' | 'text' | 'unit'>> & StubValues {
  const name = `k3s-${role}.service`;
  const defaults = `/etc/default/k3s-${role}`;
  const token = role === 'server' ? `${dataDir}/server/token` : '/etc/rancher/k3s/agent-token';
  const at = place(defaults, 2);
  const text = (path: string, value: string) =>
    [path, { path, state: 'present', text: value, location: place(path) }] as const;
  const directory = { type: 'directory', mode: 0o755 } as const;
  return {
    file: createTable([
      ...packages.map(([, path]) => [path, file(path, { mode: 0o755 })] as const),
      ...['kubectl', 'crictl', 'ctr'].map(
        (one) => [`/usr/bin/${one}`, link(`/usr/bin/${one}`, 'k3s', '/usr/bin/k3s')] as const,
      ),
      ['/usr/sbin/iptables', link('/usr/sbin/iptables', 'xtables-nft-multi', '/usr/sbin/xtables-nft-multi')],
      ['/usr/bin/k3s', file('/usr/bin/k3s', { mode: 0o755, size: 68_000_000 })],
      ['/etc/rancher/k3s', file('/etc/rancher/k3s', directory)],
      ['/etc/rancher/k3s/config.yaml', file('/etc/rancher/k3s/config.yaml')],
      ['/etc/rancher/k3s/config.yaml.d', file('/etc/rancher/k3s/config.yaml.d', directory)],
      [dataDir, file(dataDir, directory)],
      ['/sbin/init', file('/sbin/init', { mode: 0o755 })],
      [defaults, file(defaults)],
      [token, file(token, { mode: 0o600 })],
      [`${dataDir}/server/node-token`, file(`${dataDir}/server/node-token`, { mode: 0o600 })],
    ]),
    text: createTable([
      text(defaults, '# options\nK3S_OPTS="--flannel-iface=eth1"\n'),
      text(token, '4f0c9d2e7b6a8153\n'),
      text('/etc/fstab', '/dev/vda2 / ext4 defaults 0 1\n'),
    ]),
    binary: createTable([
      [
        '/sbin/init',
        { path: '/sbin/init', state: 'present', kind: 'script', shebang: '/sbin/init', location: place('/sbin/init') },
      ],
      [
        '/usr/bin/k3s',
        {
          path: '/usr/bin/k3s',
          state: 'present',
          kind: 'elf',
          elf: {
            class: 64,
            endianness: 'little',
            machine: 62,
            architecture: 'amd64',
            type: 'executable',
            linkage: 'static',
            needed: [],
          },
          k3sVersion: { text: 'v1.32.5+k3s1', from: 'ldflags', location: place('/usr/bin/k3s') },
          location: place('/usr/bin/k3s'),
        },
      ],
    ]),
    unit: createTable([
      [name, unit(name, { directives: createTable(directives.map(([key, value]) => [key, directive(key, value)])) })],
      ['multi-user.target', unit('multi-user.target')],
      ['system.slice', unit('system.slice')],
      ['-.slice', unit('-.slice')],
    ]),
    boot: { '': goodBoot },
    startup: {
      '': {
        defaultTarget: { unit: 'multi-user.target', location: place('/usr/lib/systemd/system/default.target') },
        units: createTable(
          [name, 'multi-user.target', 'systemd-networkd-wait-online.service'].map((one) => [
            one,
            {
              unit: one,
              state: 'boot',
              because: [{ unit: 'multi-user.target', by: 'Wants=', location: place(`/etc/systemd/system/${one}`) }],
            },
          ]),
        ),
      },
    },
    sysctl: {
      '': {
        values: createTable(
          sysctls.map(([key, value], i) => {
            const location = place('/etc/sysctl.d/99-k3s.conf', i + 1);
            return [key, { key, value, set: { key, value, location, optional: false }, beats: [] }];
          }),
        ),
        globs: [],
        excluded: {},
        files: [],
        masked: [],
        problems: [],
      },
    },
    kernel: {
      '': {
        ...emptyKernel,
        kernels: [kernel],
        requests: modules.map((one, i) => ({
          name: one,
          by: 'modules-load.d',
          location: place('/etc/modules-load.d/k3s.conf', i + 1),
        })),
      },
    },
    packages: {
      '': {
        database: 'dpkg',
        databaseLocation: place('/var/lib/dpkg/status'),
        packages: [...packages.map(([one]) => one), `k3s-${role}`].map((one, i) => ({
          name: one,
          version: one.startsWith('k3s') ? '1.32.5' : '1',
          architecture: 'amd64',
          status: 'install ok installed',
          location: place('/var/lib/dpkg/status', 1 + i * 10),
        })),
        beside: [],
      },
    },
    k3s: {
      '': {
        role,
        roleEvidence: [],
        unit: name,
        program: { path: '/usr/bin/k3s', location: place(`/usr/lib/systemd/system/${name}`, 20) },
        arguments: [role],
        dataDir,
        settings:
          role === 'server'
            ? {}
            : createTable([
                [
                  'server',
                  { flag: 'server', values: ['https://10.0.0.1:6443'], from: 'environment', location: at, beats: [] },
                ],
              ]),
        environmentFiles: [{ path: defaults, optional: true, state: 'present', location: at }],
        configFiles: [],
        tokens:
          role === 'server'
            ? []
            : [{ flag: 'token-file', value: token, isFile: true, from: 'environment', location: at }],
        problems: [],
        environment: {},
      },
    },
  };
}
