/** Symlinks in unit directories that cannot be another name of a unit. unit-file.c (unit_validate_alias_symlink_or_warn). */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { strayFindings } from './stray-findings.ts';

export const badAlias: LintRule = {
  id: 'unit/bad-alias',
  title: 'every link in a unit directory is a name of a unit',
  many: '{count} links in unit directories are names of nothing',
  why: 'The service manager rejects a link between units of different types or instances, and a link to a file that is not there is no unit.',
  fix: 'Let the link point to a unit file of the same type, or remove it; /dev/null masks a unit.',
  references: ['systemd.unit(5), Alias=', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    'bad-alias': '{path} cannot be another name of {target}',
    'dangling-alias': '{path} points to {target}, which is not there',
  },
  examples: [
    {
      name: 'a link between types, and one to a file that was removed',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/usr/bin/true\n' },
        {
          files: {
            '/etc/systemd/system/a.socket': { link: 'a.service' },
            '/etc/systemd/system/b.service': { link: '/usr/lib/systemd/system/b.service' },
          },
        },
      ),
      findings: [
        ['/etc/systemd/system/a.socket', '/etc/systemd/system/a.socket cannot be another name of a.service'],
        [
          '/etc/systemd/system/b.service',
          '/etc/systemd/system/b.service points to /usr/lib/systemd/system/b.service, which is not there',
        ],
      ],
    },
    {
      name: 'an alias, a mask',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/usr/bin/true\n' },
        {
          files: {
            '/etc/systemd/system/b.service': { link: 'a.service' },
            '/etc/systemd/system/c.service': { link: '/dev/null' },
          },
        },
      ),
      findings: [],
    },
  ],
  run: (facts) => strayFindings(facts, ['bad-alias', 'dangling-alias']),
};
