/** The k3s contract on NixOS: each defect of a system gives exactly the findings that speak of it. */
import { describe, expect, it } from 'vitest';
import type { MemoryNode } from '../../src/filesystems/memory.ts';
import {
  assemble,
  deviceOf,
  differences,
  edit,
  factsOf,
  judge,
  loadTree,
  pathOf,
  remove,
  toplevel,
} from '../root/nixos/system-image.ts';

type Tree = Awaited<ReturnType<typeof loadTree>>;

const server = await loadTree('tarball.tar.xz');
const agent = await loadTree('agent.tar.xz');
const good = { server: await judge(factsOf(server)), agent: await judge(factsOf(agent)) };

const unit = '-unit-k3s.service/k3s.service';
const storePath = (tree: Tree, name: string): string => {
  const found = Object.keys(tree).find((path) => new RegExp(`^/nix/store/[^/]+-${name}$`).test(path));
  if (found === undefined) throw new Error(`no store path ${name}`);
  return found;
};
const text = (content: string, mode = 0o444): MemoryNode => ({ bytes: Buffer.from(content), mode });
const hash = 'a'.repeat(32);

interface Mutant {
  readonly title: string;
  readonly role?: 'server' | 'agent';
  readonly change: (tree: Tree) => void;
  readonly findings: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, string>>;
}

const directives: readonly (readonly [check: string, from: string, to: string])[] = [
  ['K3S-SVC-06', 'Type=notify', 'Type=simple'],
  ['K3S-SVC-07', 'KillMode=process', 'KillMode=mixed'],
  ['K3S-SVC-08', 'Delegate=yes', 'Delegate=no'],
  ['K3S-SVC-09', 'LimitNOFILE=1048576', 'LimitNOFILE=65536'],
  ['K3S-SVC-10', 'LimitNPROC=infinity', 'LimitNPROC=4096'],
  ['K3S-SVC-11', 'LimitCORE=infinity', 'LimitCORE=0'],
  ['K3S-SVC-12', 'TasksMax=infinity', 'TasksMax=8192'],
  ['K3S-SVC-13', 'Restart=always', 'Restart=on-failure'],
  ['K3S-SVC-14', 'RestartSec=5s', 'RestartSec=10s'],
];

const sysctls: readonly (readonly [check: string, line: string, other: string])[] = [
  ['K3S-SYS-01', 'net.ipv4.ip_forward=1', 'net.ipv4.ip_forward=0'],
  ['K3S-SYS-02', 'net.ipv6.conf.all.forwarding=1', 'net.ipv6.conf.all.forwarding=0'],
  ['K3S-SYS-03', 'bridge-nf-call-iptables=1', 'bridge-nf-call-iptables=0'],
  ['K3S-SYS-04', 'bridge-nf-call-ip6tables=1', 'bridge-nf-call-ip6tables=0'],
  ['K3S-SYS-05', 'max_user_watches=524288', 'max_user_watches=8192'],
  ['K3S-SYS-06', 'max_user_instances=8192', 'max_user_instances=512'],
];

const mutants: readonly Mutant[] = [
  ...directives.map(([check, from, to]) => ({
    title: to,
    change: (tree: Tree) => edit(tree, unit, from, to),
    findings: { [check]: 'fail must' },
  })),
  ...sysctls.map(([check, from, to]) => ({
    title: to,
    change: (tree: Tree) => edit(tree, '-etc-sysctl.d-60-nixos.conf', from, to),
    findings: { [check]: 'fail must' },
  })),
  {
    title: 'an override that undoes a directive',
    change: (tree) => {
      tree[`${storePath(tree, 'system-units')}/k3s.service.d/overrides.conf`] = text('[Service]\nKillMode=mixed\n');
    },
    findings: { 'K3S-SVC-07': 'fail must' },
  },
  {
    title: 'an unknown key in an override',
    change: (tree) => {
      tree[`${storePath(tree, 'system-units')}/k3s.service.d/overrides.conf`] = text('[Service]\nKilMode=mixed\n');
    },
    findings: { 'K3S-SVC-15': 'fail should' },
  },
  {
    title: 'the unit is not wanted by any target',
    change: (tree) => remove(tree, `${storePath(tree, 'system-units')}/multi-user.target.wants/k3s.service`),
    findings: { 'K3S-SVC-03': 'fail must', 'K3S-SVC-18': 'skip' },
  },
  {
    title: 'a token in the unit',
    change: (tree) => edit(tree, unit, '--token-file /var/lib/k3s/token', '--token 0a7f4ae3c1b94c19'),
    findings: { 'K3S-TOK-01': 'pass', 'K3S-TOK-04': 'pass', 'K3S-TOK-08': 'fail must' },
  },
  {
    title: 'a well-known token in the store',
    change: (tree) => {
      tree[`/nix/store/${hash}-token`] = text('test-token\n');
      edit(tree, unit, '/var/lib/k3s/token', `/nix/store/${hash}-token`);
    },
    findings: {
      'K3S-TOK-01': 'pass',
      'K3S-TOK-02': 'fail must',
      'K3S-TOK-04': 'fail must',
      'K3S-TOK-08': 'fail must',
    },
  },
  {
    title: 'a token below /run',
    change: (tree) => edit(tree, unit, '/var/lib/k3s/token', '/run/secrets/k3s-token'),
    findings: { 'K3S-TOK-09': 'unknown' },
  },
  {
    title: 'a store path is missing',
    change: (tree) => remove(tree, storePath(tree, 'glibc-2.40-36')),
    findings: { 'K3S-NIX-01': 'fail must' },
  },
  {
    title: 'a program of another architecture under a right wrapper',
    change: (tree) => {
      const path = pathOf(tree, '/bin/.k3s-wrapped');
      const bytes = Uint8Array.from((tree[path] as MemoryNode).bytes ?? []);
      bytes[18] = 183;
      tree[path] = { bytes, mode: 0o555 };
    },
    findings: { 'K3S-BIN-03': 'fail must' },
  },
  {
    title: 'a program of another series',
    change: (tree) => edit(tree, '/bin/.k3s-wrapped', 'v1.32.1+k3s1', 'v1.35.0+k3s3'),
    findings: { 'K3S-BIN-02': 'fail must', 'K3S-BIN-07': 'fail should' },
  },
  {
    title: 'a system for another architecture',
    change: (tree) => {
      tree[`${toplevel}/system`] = text('aarch64-linux');
    },
    set: { architecture: 'amd64' },
    findings: { 'K3S-NIX-03': 'fail must' },
  },
  {
    title: 'a kubectl of its own',
    change: (tree) => {
      const other = `/nix/store/${hash}-kubectl-1.32.1`;
      tree[`${other}/bin/kubectl`] = text('x', 0o555);
      tree[`${storePath(tree, 'system-path')}/bin/kubectl`] = { link: `${other}/bin/kubectl` };
    },
    findings: { 'K3S-BIN-04': 'fail should' },
  },
  {
    title: 'no nftables anywhere',
    change: (tree) => remove(tree, `${storePath(tree, 'system-path')}/bin/nft`),
    findings: { 'K3S-PKG-02': 'fail must' },
  },
  {
    title: 'socat only where the wrapper around k3s finds it',
    change: (tree) => remove(tree, `${storePath(tree, 'system-path')}/bin/socat`),
    findings: {},
  },
  {
    title: 'a module that is not asked for',
    change: (tree) => edit(tree, `${storePath(tree, 'nixos.conf')}`, 'iscsi_tcp\n', ''),
    findings: { 'K3S-MOD-03': 'fail must' },
  },
  {
    title: 'nothing waits for the network',
    change: (tree) => {
      tree[`${storePath(tree, 'system-units')}/systemd-networkd-wait-online.service`] = { link: '/dev/null' };
    },
    findings: { 'K3S-SVC-18': 'fail should' },
  },
  {
    title: 'an agent whose unit is not wanted by any target',
    role: 'agent',
    change: (tree) => remove(tree, `${storePath(tree, 'system-units')}/multi-user.target.wants/k3s.service`),
    findings: { 'K3S-SVC-03': 'fail must', 'K3S-SVC-18': 'skip' },
  },
  {
    title: 'an override that undoes a directive of an agent',
    role: 'agent',
    change: (tree) => {
      tree[`${storePath(tree, 'system-units')}/k3s.service.d/overrides.conf`] = text(
        '[Service]\nDelegate=\nType=idle\n',
      );
    },
    findings: { 'K3S-SVC-06': 'fail must', 'K3S-SVC-08': 'fail must' },
  },
  {
    title: 'a sysctl of an agent that a later file changes',
    role: 'agent',
    change: (tree) => {
      const etc = Object.keys(tree).find((path) => path.endsWith('/etc/sysctl.d/60-nixos.conf')) ?? '';
      tree[etc.replace('60-nixos.conf', '99-late.conf')] = text('net.ipv4.ip_forward=0\n');
    },
    findings: { 'K3S-SYS-01': 'fail must' },
  },
  {
    title: 'a token of an agent in the store',
    role: 'agent',
    change: (tree) => {
      tree[`/nix/store/${hash}-token`] = text('0a7f4ae3c1b94c19\n');
      edit(tree, unit, '/var/lib/k3s/token', `/nix/store/${hash}-token`);
    },
    findings: { 'K3S-TOK-04': 'pass', 'K3S-TOK-07': 'pass', 'K3S-TOK-08': 'fail must' },
  },
  {
    title: 'a program of another architecture under the right wrapper of an agent',
    role: 'agent',
    change: (tree) => {
      const path = pathOf(tree, '/bin/.k3s-wrapped');
      const bytes = Uint8Array.from((tree[path] as MemoryNode).bytes ?? []);
      bytes[18] = 183;
      tree[path] = { bytes, mode: 0o555 };
    },
    findings: { 'K3S-BIN-03': 'fail must' },
  },
  {
    title: 'an agent without a server',
    role: 'agent',
    change: (tree) => edit(tree, unit, '--server https://192.168.1.1:6443', '--node-name=a'),
    findings: { 'K3S-TOK-06': 'fail must' },
  },
];

describe('the k3s contract on NixOS', () => {
  it.each(mutants)('$title', async ({ role = 'server', change, findings, set }) => {
    const tree = { ...(role === 'server' ? server : agent) };
    change(tree);
    expect(differences(good[role], await judge(factsOf(tree), set))).toEqual(findings);
  });

  it('a masked unit is the one failure, whether the role it leaves open is given or not', async () => {
    const tree = { ...server };
    tree[`${storePath(tree, 'system-units')}/k3s.service`] = { link: '/dev/null' };
    const failures = (results: ReadonlyMap<string, string>): string[] =>
      [...results].filter(([, status]) => status.startsWith('fail')).map(([id]) => id);
    expect(failures(await judge(factsOf(tree)))).toEqual(['K3S-SVC-03']);
    expect(failures(await judge(factsOf(tree), { role: 'server' }))).toEqual(['K3S-SVC-03']);
  });

  const profileOf = (system: string): Tree => ({
    '/nix/var/nix/profiles/system': { link: 'system-1-link' },
    '/nix/var/nix/profiles/system-1-link': { link: system },
  });
  const espOf = (system: string) =>
    deviceOf(
      {
        '/loader/loader.conf': 'default nixos-generation-2.conf\n',
        '/loader/entries/nixos-generation-2.conf': `title NixOS\nlinux /k\noptions init=${system}/init loglevel=4\n`,
        '/k': 'x',
      },
      'esp',
      'vfat',
    );

  it('a boot entry whose system is not in the store', async () => {
    const tree = { ...server, ...profileOf(toplevel) };
    const esp = espOf(`/nix/store/${hash}-nixos-system-edge-1-24.05`);
    expect(differences(good.server, await judge(factsOf(tree, {}, [esp])))).toEqual({
      'K3S-NIX-01': 'fail must',
      'K3S-NIX-02': 'fail should',
    });
  });

  it('a boot entry that starts another system than the profile names', async () => {
    const other = `/nix/store/${hash}-nixos-system-edge-1-24.05`;
    const tree = { ...server, ...profileOf(other) };
    for (const name of ['activate', 'etc', 'sw']) tree[`${other}/${name}`] = text('x');
    delete tree['/sbin/init'];
    const esp = espOf(toplevel);
    expect(differences(good.server, await judge(factsOf(tree, {}, [esp])))).toEqual({ 'K3S-NIX-02': 'fail should' });
    const { diagnostics, nixos } = assemble([esp, deviceOf(tree)]);
    expect(nixos?.toplevel).toBe(toplevel);
    expect(diagnostics).toMatchObject([
      {
        code: 'nixos/other-system',
        message:
          'the boot entry nixos-generation-2.conf starts nixos-system-edge-1-24.11.20250115.abcdef0, but the system profile names nixos-system-edge-1-24.05',
      },
    ]);
  });
});
