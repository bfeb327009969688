/** What an ISAR build brings into the root file system for itself, and removes at its end unless it was interrupted or has a bug. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

const files: readonly (readonly [path: string, what: string])[] = [
  ['/isar-apt', 'the mount point of the package repository'],
  ['/isar-work', 'the mount point of the work directory'],
  ['/base-apt', 'the mount point of the mirror'],
  ['/downloads', 'the mount point of the downloads'],
  ['/chroot-setup.sh', 'the script that sets up the build root'],
  ['/usr/sbin/policy-rc.d', 'the script that keeps services from starting during the build'],
  ['/usr/sbin/start-stop-daemon.REAL', 'the program that the build puts a stand-in for'],
  ['/usr/sbin/start-stop-daemon.distrib', 'the program that the build puts a stand-in for'],
  ['/etc/apt/sources.list.d/isar-apt.list', 'the source of the build’s own packages'],
  ['/etc/apt/sources.list.d/base-apt.list', 'the source of the mirror'],
  ['/etc/apt/sources.list.d/0000bootstrap.list', 'the source of the bootstrap'],
  ['/etc/apt/preferences.d/isar-apt', 'the pin of the build’s own packages'],
  ['/etc/apt/apt.conf.d/50isar', 'apt’s configuration for the build'],
  ['/etc/apt/apt.conf.d/50isar-apt', 'apt’s configuration for the build'],
  ['/etc/apt/apt.conf.d/99isar-fallback', 'apt’s configuration for the build'],
];

const emulators = /^qemu-.*-static$/;

export const isarLeftOvers: LintRule = {
  id: 'isar/left-overs',
  title: 'nothing of the image build is left in the image',
  many: '{count} things of the image build are left in the image',
  why: 'The build was interrupted, or a step of it failed unseen: what it should have done last may be missing too.',
  fix: 'Clean and repeat the build of the image (bitbake -c cleansstate), and look for errors in log.do_rootfs_finalize.',
  references: ['Isar: rootfs.bbclass'],
  severity: 'should',
  profiles: ['default', 'reproducible'],
  cost: 'cheap',
  needs: ['file', 'directory', 'packages'],
  messages: { left: '{path} is left: {what}', emulator: '{path} is left: the emulator of the build machine' },
  examples: [
    {
      name: 'a build that did not come to its end',
      tree: {
        '/isar-apt': { directory: true },
        '/usr/sbin/policy-rc.d': { text: '#!/bin/sh\nexit 101\n', mode: 0o755 },
        '/usr/bin/qemu-aarch64-static': { text: 'x', mode: 0o755 },
      },
      findings: [
        ['/isar-apt', '/isar-apt is left: the mount point of the package repository'],
        [
          '/usr/sbin/policy-rc.d',
          '/usr/sbin/policy-rc.d is left: the script that keeps services from starting during the build',
        ],
        ['/usr/bin/qemu-aarch64-static', '/usr/bin/qemu-aarch64-static is left: the emulator of the build machine'],
      ],
    },
    {
      name: 'an emulator whose package is installed',
      tree: {
        '/var/lib/dpkg/status':
          'Package: qemu-user-static\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:10.0\n\n',
        '/usr/bin/qemu-aarch64-static': { text: 'x', mode: 0o755 },
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const [path, what] of files) {
      const { state, location } = facts.get('file', path);
      if (state === 'present')
        yield {
          subject: { kind: 'path', name: path },
          message: 'left',
          data: { path, what },
          evidence: [at(location)],
        };
    }
    const { packages } = facts.get('packages');
    if (packages.some(({ name }) => name.startsWith('qemu-user'))) return;
    for (const { name, location } of facts.get('directory', '/usr/bin').entries) {
      const path = `/usr/bin/${name}`;
      if (emulators.test(name))
        yield { subject: { kind: 'path', name: path }, message: 'emulator', data: { path }, evidence: [at(location)] };
    }
  },
};
