/** Packages whose state in dpkg's database is neither installed nor gone (dpkg(1), package states). */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

/** The third word of the status, and that a package needs reinstalling is the second. */
const settled = ['installed', 'config-files', 'not-installed'];

export const halfInstalled: LintRule = {
  id: 'packages/half-installed',
  title: 'every package is fully installed',
  many: '{count} packages are not fully installed',
  why: 'A package whose scripts did not run to the end may lack users, links, enabled units or its configuration.',
  fix: 'Look for the first error in the log of the image build; dpkg --configure -a in the chroot repeats it.',
  references: ['dpkg(1), package states'],
  severity: 'should',
  profiles: ['default'],
  cost: 'cheap',
  needs: ['packages'],
  messages: { state: 'the package {name} is {state}' },
  examples: [
    {
      name: 'a post-installation script failed',
      tree: {
        '/var/lib/dpkg/status':
          'Package: curl\nStatus: install ok half-configured\nArchitecture: amd64\nVersion: 8.14.1-2\n\n',
      },
      findings: [['curl', 'the package curl is half-configured']],
    },
    {
      name: 'installed, and removed but for its configuration',
      tree: {
        '/var/lib/dpkg/status':
          'Package: curl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 8.14.1-2\n\nPackage: nano\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 8.4-1\n\n',
      },
      findings: [],
    },
  ],
  skip: (facts) => (facts.get('packages').database === 'nix' ? 'a Nix store has no package states' : undefined),
  *run(facts) {
    const { packages, database } = facts.get('packages');
    if (!database.startsWith('dpkg')) return;
    for (const { name, status, location } of packages) {
      const [, flag = 'ok', state = 'installed'] = status.split(' ');
      if (flag === 'ok' && settled.includes(state)) continue;
      yield {
        subject: { kind: 'package', name },
        message: 'state',
        data: { name, state: flag === 'reinstreq' ? 'to be reinstalled' : state },
        found: status,
        evidence: [at(location)],
      };
    }
  },
};
