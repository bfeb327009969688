/** Packages for every architecture that hold a program for one: a recipe of ISAR that wraps a binary and does not say DPKG_ARCH. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { elfExample } from '../programs/elf-example.ts';
import { otherMachines } from '../programs/other-machines.ts';
import { mergedPath } from './merged-path.ts';
import { stanza } from './status-example.ts';

interface Options {
  readonly ignore: readonly string[];
}

export const architectureAll: LintRule<Options> = {
  id: 'packages/architecture-all',
  title: 'packages for all architectures hold no programs for one',
  many: '{count} programs lie in packages for all architectures',
  why: 'The package from the build for one machine is installed on every other, where its program does not start.',
  fix: 'Set DPKG_ARCH = "any" in the recipe of the package, or Architecture: any in its debian/control.',
  references: ['Debian Policy 5.6.8', 'Isar: dpkg-raw.bbclass, DPKG_ARCH'],
  severity: 'should',
  profiles: ['default', 'reproducible'],
  cost: 'walk',
  needs: ['package-files', 'programs'],
  options: {
    ignore: {
      title: 'path patterns of programs that run elsewhere',
      default: otherMachines,
    },
  },
  messages: { binary: '{path} is for {architecture}, its package {name} for all' },
  examples: [
    {
      name: 'a wrapped binary',
      tree: {
        '/var/lib/dpkg/status': stanza('tool', { Architecture: 'all' }),
        '/var/lib/dpkg/info/tool.list': '/.\n/usr/bin/tool\n',
        '/usr/bin/tool': { bytes: elfExample('amd64'), mode: 0o755 },
      },
      findings: [['/usr/bin/tool', '/usr/bin/tool is for amd64, its package tool for all']],
    },
    {
      name: 'with --deep: a program that is not executable',
      cost: 'content',
      tree: {
        '/var/lib/dpkg/status': stanza('tool', { Architecture: 'all' }),
        '/var/lib/dpkg/info/tool.list': '/.\n/usr/lib/tool/agent.bin\n/usr/lib/syslinux/menu.c32\n',
        '/usr/lib/tool/agent.bin': { bytes: elfExample('amd64') },
        '/usr/lib/syslinux/menu.c32': { bytes: elfExample('amd64') },
      },
      findings: [['/usr/lib/tool/agent.bin', '/usr/lib/tool/agent.bin is for amd64, its package tool for all']],
    },
    {
      name: 'a script, and a program in a package of its architecture',
      tree: {
        '/var/lib/dpkg/status': stanza('script', { Architecture: 'all' }) + stanza('tool'),
        '/var/lib/dpkg/info/script.list': '/.\n/usr/bin/script\n',
        '/var/lib/dpkg/info/tool.list': '/.\n/usr/bin/tool\n',
        '/usr/bin/script': { text: '#!/bin/sh\n', mode: 0o755 },
        '/usr/bin/tool': { bytes: elfExample('amd64'), mode: 0o755 },
      },
      findings: [],
    },
  ],
  skip: (facts) => (facts.get('package-files').lists.length === 0 ? 'no package has a list of its files' : undefined),
  *run(facts, { ignore }, cost) {
    const all = facts.get('package-files').lists.filter(({ architecture }) => architecture === 'all');
    const owners = new Map(all.flatMap(({ name, paths }) => paths.map((path) => [mergedPath(path), name] as const)));
    for (const { path, start, location } of facts.get('programs', cost === 'content' ? 'all' : '').files) {
      const name = owners.get(mergedPath(path));
      if (name === undefined || start.kind !== 'elf' || isListed(path, ignore)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'binary',
        data: { path, name, architecture: start.architecture },
        evidence: [at(location)],
      };
    }
  },
};
