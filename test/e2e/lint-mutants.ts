/** Defects in the clean server that no contract speaks of, and exactly what lint has to find: `rule subject`. */
import type { Change } from './mutant-disk.ts';

export interface LintMutant {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly finds: readonly string[];
  readonly options?: readonly string[];
}

const status = '/var/lib/dpkg/status';
const machine = 18;
const arm64 = [183, 0];

export const lintMutants: readonly LintMutant[] = [
  {
    name: 'a locale whose archive was deleted',
    changes: [{ write: '/etc/default/locale', text: 'LANG=en_US.UTF-8\n' }],
    finds: ['locale/missing-locale /etc/default/locale'],
  },
  {
    name: 'links that lead nowhere, in a circle, and out of the image',
    changes: [
      { link: '/etc/gone', to: 'nowhere' },
      { link: '/etc/circle', to: 'circle' },
      { link: '/etc/up', to: '../../etc/fstab' },
    ],
    finds: ['links/dangling /etc/gone', 'links/escaping /etc/up', 'links/loop /etc/circle'],
  },
  {
    name: 'a setuid program, a file for everybody, files of nobody and of the builder',
    changes: [
      { copy: '/usr/bin/true', to: '/opt/tool' },
      { chmod: '/opt/tool', mode: 0o4755 },
      { chmod: '/etc/fstab', mode: 0o666 },
      { chown: '/etc/hostname', uid: 70_000 },
      { chown: '/etc/profile', uid: 1000 },
    ],
    finds: [
      'files/builder-owned /etc/profile',
      'files/setuid /opt/tool',
      'files/unowned /etc/hostname',
      'files/unowned /etc/profile',
      'files/world-writable /etc/fstab',
    ],
  },
  {
    name: 'a list of passwords for everybody, and for a group; a helper of dbus without its bit',
    changes: [
      { chmod: '/etc/shadow', mode: 0o644 },
      { chgrp: '/etc/gshadow', gid: 50 },
      { chmod: '/usr/lib/dbus-1.0/dbus-daemon-launch-helper', mode: 0o754 },
    ],
    finds: [
      'accounts/readable-passwords /etc/gshadow',
      'accounts/readable-passwords /etc/shadow',
      'packages/lost-setuid /usr/lib/dbus-1.0/dbus-daemon-launch-helper',
    ],
  },
  {
    name: 'a program for another machine, a script without its interpreter',
    changes: [
      { copy: '/usr/bin/true', to: '/opt/foreign' },
      { patch: '/usr/bin/lesskey', at: machine, bytes: arm64 },
      { write: '/opt/run', text: '#!/usr/bin/python3\n', mode: 0o755 },
    ],
    finds: ['programs/foreign-architecture /usr/bin/lesskey', 'programs/script-interpreter /opt/run'],
  },
  {
    name: 'configuration that nothing reads',
    changes: [
      { write: '/etc/sysctl.d/99-local', text: 'vm.swappiness=1\n' },
      { write: '/app.service', text: '[Service]\nExecStart=/usr/bin/true\n' },
    ],
    finds: ['files/unread-configuration /app.service', 'files/unread-configuration /etc/sysctl.d/99-local'],
  },
  {
    name: 'an account for everybody, and a second root',
    changes: [
      { replace: '/etc/shadow', from: 'games:*:', by: 'games::' },
      { chmod: '/etc/shadow', mode: 0o600 },
      { replace: '/etc/passwd', from: 'games:x:5:60:games', by: 'games:x:0:60:games' },
    ],
    finds: ['accounts/duplicate-id 0', 'accounts/empty-password games', 'accounts/second-root games'],
  },
  {
    name: 'the password of root is root',
    changes: [
      {
        replace: '/etc/shadow',
        from: 'root:*:',
        // openssl passwd -6 -salt saltstring root
        by: 'root:$6$saltstring$DdMx7.nV1ZynhlO7EO4TTn5gJugAa.k4jN2nRFAlHDSsA1gGewAT55AkcPA8aHi39qiSEC/Jgxw6MZ0ls9OrM0:',
      },
      { chmod: '/etc/shadow', mode: 0o600 },
    ],
    finds: ['accounts/known-password root'],
  },
  {
    name: 'SSH without a password, sudo without one and with a file it passes over',
    changes: [
      { write: '/etc/ssh/sshd_config.d/a.conf', text: 'PermitEmptyPasswords yes\nPermitRootLogin yes\n' },
      { write: '/etc/sudoers', text: 'games ALL=NOPASSWD: ALL\n@includedir /etc/sudoers.d\n', mode: 0o440 },
      { folder: '/etc/sudoers.d' },
      { write: '/etc/sudoers.d/a.conf', text: 'x ALL=ALL\n', mode: 0o440 },
    ],
    finds: [
      'ssh/empty-passwords /etc/ssh/sshd_config.d/a.conf',
      'ssh/root-login /etc/ssh/sshd_config.d/a.conf',
      'sudo/passwordless /etc/sudoers',
      'sudo/unused-file /etc/sudoers.d/a.conf',
    ],
  },
  {
    name: 'what a machine made when it ran',
    changes: [
      { write: '/etc/machine-id', text: '0123456789abcdef0123456789abcdef\n' },
      { write: '/etc/ssh/ssh_host_ed25519_key', text: 'x', mode: 0o600 },
      { write: '/var/lib/systemd/random-seed', text: 'x', mode: 0o600 },
      { write: '/etc/rancher/k3s/k3s.yaml', text: 'x', mode: 0o600 },
      { write: '/root/.bash_history', text: 'reboot\n', mode: 0o600 },
      { folder: '/var/lib/dhcp' },
      { write: '/var/lib/dhcp/dhclient.eth0.leases', text: 'lease {\n}\n' },
    ],
    finds: [
      'identity/dhcp-leases /var/lib/dhcp/dhclient.eth0.leases',
      'identity/history /root/.bash_history',
      'identity/k3s-state /etc/rancher/k3s/k3s.yaml',
      'identity/machine-id /etc/machine-id',
      'identity/random-seed /var/lib/systemd/random-seed',
      'identity/ssh-host-keys /etc/ssh/ssh_host_ed25519_key',
    ],
  },
  {
    name: 'what an ISAR build leaves behind',
    changes: [{ folder: '/isar-apt' }],
    finds: ['isar/left-overs /isar-apt'],
  },
  {
    name: 'a package whose script failed',
    changes: [
      {
        replace: status,
        from: 'Package: vim-tiny\nStatus: install ok installed',
        by: 'Package: vim-tiny\nStatus: install ok half-configured',
      },
    ],
    finds: ['packages/half-installed vim-tiny'],
  },
  {
    name: 'packages that are not whole',
    changes: [
      { remove: '/usr/bin/lesskey' },
      { replace: status, from: 'libcurl4t64 (=', by: 'libcurl9t64 (=' },
      { copy: '/usr/bin/true', to: '/usr/bin/unknown' },
    ],
    finds: [
      'packages/missing-file /usr/bin/lesskey',
      'packages/unmet-dependency curl',
      'packages/unowned-file /usr/bin/unknown',
    ],
  },
  {
    name: 'a program that is not what its package installed',
    changes: [{ copy: '/usr/bin/true', to: '/usr/bin/lesskey' }],
    finds: ['packages/changed-file /usr/bin/lesskey'],
    options: ['--deep'],
  },
  {
    name: 'secrets',
    changes: [
      { write: '/etc/tls.key', text: '-----BEGIN PRIVATE KEY-----\nAAAA\n' },
      { write: '/var/lib/dpkg/info/curl.postinst', text: '#!/bin/sh\necho root:hunter22 | chpasswd\n', mode: 0o755 },
    ],
    finds: ['secrets/maintainer-script curl', 'secrets/readable-file /etc/tls.key'],
  },
];
