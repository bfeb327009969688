/** Files that are not what their package installed. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { stanza } from './status-example.ts';

interface Options {
  readonly ignore: readonly string[];
}

export const changedPackageFile: LintRule<Options> = {
  id: 'packages/changed-file',
  title: 'the files of every package are as it installed them',
  many: '{count} files are not what their package installed',
  why: 'The next update of the package puts its own file back, and no list of packages shows what really runs. A damaged disk looks the same.',
  fix: 'Change it by a configuration file or a drop-in below /etc, divert it (dpkg-divert), or change the package.',
  references: ['dpkg --verify', 'md5sum(1)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'content',
  needs: ['package-sums'],
  standsAlone: true,
  options: {
    ignore: {
      title: 'path patterns of files that the build may change',
      default: ['/usr/lib/os-release', '/usr/share/**'],
    },
  },
  messages: { changed: '{path} is not what the package {name} installed' },
  examples: [
    {
      name: 'a unit that was edited in place',
      tree: {
        '/var/lib/dpkg/status': stanza('x'),
        '/var/lib/dpkg/info/x.list': '/.\n/usr/lib/systemd/system/x.service\n/usr/bin/x\n',
        '/var/lib/dpkg/info/x.md5sums':
          'd41d8cd98f00b204e9800998ecf8427e  usr/lib/systemd/system/x.service\nd41d8cd98f00b204e9800998ecf8427e  usr/bin/x\n',
        '/usr/lib/systemd/system/x.service': '[Service]\n',
        '/usr/bin/x': '',
      },
      findings: [
        ['/usr/lib/systemd/system/x.service', '/usr/lib/systemd/system/x.service is not what the package x installed'],
      ],
    },
    {
      name: 'as it was',
      tree: {
        '/var/lib/dpkg/status': stanza('x'),
        '/var/lib/dpkg/info/x.list': '/.\n/usr/bin/x\n',
        '/var/lib/dpkg/info/x.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  usr/bin/x\n',
        '/usr/bin/x': '',
      },
      findings: [],
    },
  ],
  skip: (facts) => (facts.get('package-sums').files === 0 ? 'no package has checksums of its files' : undefined),
  *run(facts, { ignore }) {
    for (const { path, package: name, recorded, found, location } of facts.get('package-sums').changed) {
      if (isListed(path, ignore)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'changed',
        data: { path, name },
        expected: `MD5 ${recorded}`,
        found: `MD5 ${found}`,
        evidence: [at(location)],
      };
    }
  },
};
