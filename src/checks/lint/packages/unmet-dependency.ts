/** Dependencies that no installed package meets (Debian Policy 7.2, 7.5). Architectures of packages are not held against each other. */

import type { DependencyName } from '../../../facts/packages/dependencies-fact.ts';
import { isRelated } from '../../../facts/packages/version-range.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { stanza } from './status-example.ts';

export const unmetDependency: LintRule = {
  id: 'packages/unmet-dependency',
  title: 'what every package depends on is installed',
  many: '{count} dependencies of packages are not met',
  why: 'The package lacks what it needs to run, and apt refuses to install or update anything until it is there.',
  fix: 'Add the package to the image, or do not remove it behind apt’s back (dpkg --force-depends).',
  references: ['Debian Policy 7.2'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['dependencies'],
  messages: {
    absent: '{name} depends on {wanted}, which is not installed',
    version: '{name} depends on {wanted}; installed is {found}',
  },
  examples: [
    {
      name: 'a package that was removed by force, and one that is too old',
      tree: {
        '/var/lib/dpkg/status':
          stanza('curl', { Depends: 'libc6 (>= 2.38), libcurl4t64 (= 8.14), ca-certificates | ca-cacert' }) +
          stanza('libc6', { Version: '2.36-9' }),
      },
      findings: [
        ['curl', 'curl depends on libc6 (>= 2.38); installed is 2.36-9'],
        ['curl', 'curl depends on libcurl4t64 (= 8.14), which is not installed'],
        ['curl', 'curl depends on ca-certificates | ca-cacert, which is not installed'],
      ],
    },
    {
      name: 'alternatives, names that others provide, folded lines',
      tree: {
        '/var/lib/dpkg/status':
          stanza('app', { 'Pre-Depends': 'init (>= 1:1~)', Depends: 'awk,\n mta | sendmail, libx (>= 2), perl:any' }) +
          stanza('init', { Version: '1:1' }) +
          stanza('mawk', { Provides: 'awk' }) +
          stanza('nullmailer', { Provides: 'mta' }) +
          stanza('libx2', { Provides: 'libx (= 2.1)' }) +
          stanza('perl'),
      },
      findings: [],
    },
  ],
  skip: (facts) => (facts.get('dependencies').packages.length === 0 ? 'there is no dpkg database' : undefined),
  *run(facts) {
    const { packages } = facts.get('dependencies');
    const versions = new Map<string, (string | undefined)[]>();
    const add = (name: string, version: string | undefined): void => {
      const known = versions.get(name);
      if (known) known.push(version);
      else versions.set(name, [version]);
    };
    for (const { name, version, provides } of packages) {
      add(name, version);
      for (const one of provides) add(one.name, one.version);
    }
    for (const { name, depends, location } of packages)
      for (const alternatives of depends) {
        if (alternatives.some((one) => versions.get(one.name)?.some((version) => meets(version, one)))) continue;
        const wanted = alternatives.map(formatDependency).join(' | ');
        const found = alternatives.flatMap((one) => versions.get(one.name)?.flatMap((version) => version ?? []) ?? []);
        yield {
          subject: { kind: 'package', name },
          message: found.length > 0 ? 'version' : 'absent',
          data: { name, wanted, found: found.join(', ') },
          expected: wanted,
          evidence: [at(location)],
        };
      }
  },
};

/** Whether a version is what a dependency asks for. A name that is provided without one meets only what asks for none. */
function meets(version: string | undefined, { relation, version: wanted }: DependencyName): boolean {
  if (relation === undefined || wanted === undefined) return true;
  if (version === undefined) return false;
  return isRelated(version, { operator: relation, version: wanted });
}

function formatDependency({ name, architecture, relation, version }: DependencyName): string {
  const base = architecture === undefined ? name : `${name}:${architecture}`;
  return relation === undefined ? base : `${base} (${relation} ${version})`;
}
