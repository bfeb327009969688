/**
 * Configuration that nothing reads: files whose name the reader of the directory passes over, and files that ended up in the root
 * directory because a variable of the recipe was empty.
 */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

interface Place {
  readonly folders: readonly string[];
  /** Names that are read. */
  readonly name: RegExp;
  /** How a name must end or look, for the message. */
  readonly words: string;
}

const withVendor = (name: string): readonly string[] => [`/etc/${name}`, `/usr/lib/${name}`, `/usr/local/lib/${name}`];

const conf = { name: /\.conf$/, words: 'end in .conf' } as const;

/** One row a kind of directory, as its reader's manual page says. */
const places: readonly Place[] = [
  ...['sysctl.d', 'modules-load.d', 'tmpfiles.d', 'sysusers.d', 'binfmt.d', 'environment.d', 'modprobe.d'].map(
    (name) => ({ folders: withVendor(name), ...conf }),
  ),
  ...['journald', 'logind', 'resolved', 'networkd', 'timesyncd', 'system', 'user', 'coredump', 'sleep'].map((name) => ({
    folders: withVendor(`systemd/${name}.conf.d`),
    ...conf,
  })),
  { folders: ['/etc/ld.so.conf.d', '/etc/NetworkManager/conf.d', '/etc/ssh/sshd_config.d'], ...conf },
  { folders: withVendor('udev/rules.d'), name: /\.rules$/, words: 'end in .rules' },
  {
    folders: withVendor('systemd/network'),
    name: /\.(?:network|netdev|link|example)$/,
    words: 'end in .network, .netdev or .link',
  },
  {
    folders: withVendor('systemd/system-preset'),
    name: /\.preset$/,
    words: 'end in .preset',
  },
  { folders: ['/etc/profile.d'], name: /\.(?:sh|csh|fish)$/, words: 'end in .sh' },
  { folders: ['/etc/netplan'], name: /\.yaml$/, words: 'end in .yaml' },
  { folders: ['/etc/apt/sources.list.d'], name: /\.(?:list|sources)$/, words: 'end in .list or .sources' },
  { folders: ['/etc/cron.d', '/etc/cron.daily', '/etc/cron.hourly'], name: /^[A-Za-z0-9_-]+$/, words: 'have no dot' },
];

/** What is meant to be passed over: notes, and what packaging leaves beside a changed file. */
const leftAlone = /^\.|^README|~$|\.(?:dpkg-\w+|ucf-\w+|bak|orig|disabled|example|md|txt)$/;

/** Files some systems have in the root directory on purpose; kernels there are links. */
const inRoot = /^(?:\.|vmlinuz|initrd\.img|init$|linuxrc$|swapfile$|swap\.img$|lost\+found$|nix-path-registration$)/;

/** Files of a NixOS system that was unpacked into the root directory, as container images are made. */
const ofSystem =
  /^(?:activate|dry-activate|prepare-root|append-initrd-secrets|boot\.json|configuration-name|extra-dependencies|init-interface-version|kernel-params|nixos-version|system)$/;

export const unreadConfiguration: LintRule = {
  id: 'files/unread-configuration',
  title: 'configuration lies where something reads it',
  many: '{count} files lie where nothing reads them',
  why: 'The settings in the file do not exist for the machine, although the file is there.',
  fix: 'Give the file the name its reader looks for; in a recipe of ISAR write paths out, OpenEmbedded’s variables are empty.',
  references: ['sysctl.d(5)', 'udev(7)', 'systemd.network(5)', 'cron(8)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'cheap',
  needs: ['directory'],
  messages: {
    name: '{path} is not read: the name must {words}',
    root: '{path} lies in the root directory, where nothing reads it',
  },
  examples: [
    {
      name: 'names without their suffix, and a unit whose directory was an empty variable',
      tree: {
        '/etc/sysctl.d/99-k3s': 'net.ipv4.ip_forward=1\n',
        '/etc/systemd/network/20-eth0.conf': '[Match]\n',
        '/etc/cron.d/backup.cron': '',
        '/app.service': '[Service]\n',
      },
      findings: [
        ['/etc/sysctl.d/99-k3s', '/etc/sysctl.d/99-k3s is not read: the name must end in .conf'],
        [
          '/etc/systemd/network/20-eth0.conf',
          '/etc/systemd/network/20-eth0.conf is not read: the name must end in .network, .netdev or .link',
        ],
        ['/etc/cron.d/backup.cron', '/etc/cron.d/backup.cron is not read: the name must have no dot'],
        ['/app.service', '/app.service lies in the root directory, where nothing reads it'],
      ],
    },
    {
      name: 'as they should be called, notes, drop-in directories, left-overs of dpkg',
      tree: {
        '/etc/sysctl.d/99-k3s.conf': '',
        '/etc/sysctl.d/README.sysctl': '',
        '/etc/sysctl.d/99-k3s.conf.dpkg-old': '',
        '/etc/systemd/network/20-eth0.network.d/a.conf': '',
        '/etc/cron.d/.placeholder': '',
        '/vmlinuz': { link: 'boot/vmlinuz' },
      },
      findings: [],
    },
    {
      name: 'a NixOS system that was unpacked into the root directory',
      tree: { '/nixos-version': '24.11', '/activate': '', '/boot.json': '{}', '/system': 'x86_64-linux' },
      findings: [],
    },
    {
      name: 'a file that a NixOS system has, and no system',
      tree: { '/system': '' },
      findings: [['/system', '/system lies in the root directory, where nothing reads it']],
    },
  ],
  *run(facts) {
    for (const { folders, name: read, words } of places)
      for (const folder of folders)
        for (const { name, type, location } of facts.get('directory', folder).entries) {
          if (type === 'directory' || read.test(name) || leftAlone.test(name)) continue;
          const path = `${folder}/${name}`;
          yield {
            subject: { kind: 'path', name: path },
            message: 'name',
            data: { path, words },
            evidence: [at(location)],
          };
        }
    const top = facts.get('directory', '/').entries;
    const isSystem = top.some(({ name }) => name === 'nixos-version');
    for (const { name, type, location } of top) {
      if (type !== 'file' || inRoot.test(name) || (isSystem && ofSystem.test(name))) continue;
      const path = `/${name}`;
      yield { subject: { kind: 'path', name: path }, message: 'root', data: { path }, evidence: [at(location)] };
    }
  },
};
