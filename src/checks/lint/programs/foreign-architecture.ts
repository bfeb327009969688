/**
 * Programs and libraries for another machine than the image's: what a build without cross compilation leaves behind. With --deep
 * every file is looked at, plugins and programs that are not executable too.
 */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { elfExample } from './elf-example.ts';
import { otherMachines } from './other-machines.ts';

interface Options {
  readonly allow: readonly string[];
}

const status = (architecture: string): string =>
  ['dpkg', 'libc6', 'bash']
    .map((name) => `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\nVersion: 1\n\n`)
    .join('');

export const foreignArchitecture: LintRule<Options> = {
  id: 'programs/foreign-architecture',
  title: 'programs and libraries are for the machine of the image',
  many: '{count} programs or libraries are for another machine',
  why: 'The kernel refuses to start them with "Exec format error", or the loader passes over them.',
  fix: 'Cross-compile the recipe that installs them, or set its DPKG_ARCH instead of all.',
  references: ['elf(5)', 'execve(2) ENOEXEC'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['programs', 'platform', 'packages'],
  options: {
    allow: {
      title: 'path patterns of files that may be for other machines',
      default: otherMachines,
    },
  },
  messages: { foreign: '{path} is for {found}, the image for {wanted}' },
  examples: [
    {
      name: 'a program of the build machine in an arm64 image',
      tree: {
        '/var/lib/dpkg/status': status('arm64'),
        '/var/lib/dpkg/arch': 'arm64\n',
        '/usr/bin/bash': { bytes: elfExample('arm64'), mode: 0o755 },
        '/usr/bin/qemu-aarch64-static': { bytes: elfExample('amd64'), mode: 0o755 },
        '/usr/lib/libx.so.1': { bytes: elfExample('amd64') },
      },
      findings: [
        ['/usr/bin/qemu-aarch64-static', '/usr/bin/qemu-aarch64-static is for amd64, the image for arm64'],
        ['/usr/lib/libx.so.1', '/usr/lib/libx.so.1 is for amd64, the image for arm64'],
      ],
    },
    {
      name: 'with --deep: a plugin of the build machine that is not executable, a program for a device',
      cost: 'content',
      tree: {
        '/var/lib/dpkg/status': status('arm64'),
        '/var/lib/dpkg/arch': 'arm64\n',
        '/usr/bin/bash': { bytes: elfExample('arm64'), mode: 0o755 },
        '/usr/lib/app/plugin.bin': { bytes: elfExample('amd64') },
        '/usr/lib/app/filter.o': { bytes: elfExample('bpf') },
      },
      findings: [['/usr/lib/app/plugin.bin', '/usr/lib/app/plugin.bin is for amd64, the image for arm64']],
    },
    {
      name: 'a second architecture whose packages are installed, and firmware',
      tree: {
        '/var/lib/dpkg/status': `${status('amd64')}Package: libc6\nStatus: install ok installed\nArchitecture: riscv64\nVersion: 1\n\n`,
        '/var/lib/dpkg/arch': 'amd64\nriscv64\n',
        '/usr/bin/bash': { bytes: elfExample('amd64'), mode: 0o755 },
        '/usr/bin/other': { bytes: elfExample('riscv64'), mode: 0o755 },
        '/usr/lib/firmware/dsp': { bytes: elfExample('arm64'), mode: 0o755 },
      },
      findings: [],
    },
  ],
  skip: (facts) =>
    facts.get('platform').architecture === undefined ? 'the image does not say for which machine it is' : undefined,
  *run(facts, { allow }, cost) {
    const { architecture: wanted = '' } = facts.get('platform');
    const installed = facts.get('packages').packages.map(({ architecture }) => architecture);
    const allowed = new Set([wanted, ...installed]);
    for (const { path, isExecutable, start, location } of facts.get('programs', cost === 'content' ? 'all' : '')
      .files) {
      if (start.kind !== 'elf' || allowed.has(start.architecture) || isListed(path, allow)) continue;
      // Code for the kernel's virtual machine or for a device is nothing the processor is to run.
      if (start.architecture === 'unknown' && !isExecutable) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'foreign',
        data: { path, found: start.architecture, wanted },
        expected: wanted,
        found: start.architecture,
        evidence: [at(location)],
      };
    }
  },
};
