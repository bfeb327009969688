/** Unit files in directories where systemd does not look. systemd.unit(5), Unit File Load Path. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { strayFindings } from './stray-findings.ts';

const text = '[Service]\nExecStart=/usr/bin/true\n';

export const outsideSearchPath: LintRule = {
  id: 'unit/outside-search-path',
  title: 'unit files lie where systemd looks for them',
  many: '{count} unit files lie where systemd does not look',
  why: 'The service manager reads units from a few directories and not from directories inside those: the unit does not exist for it.',
  fix: 'Install units of packages to /usr/lib/systemd/system, those of the administrator to /etc/systemd/system.',
  references: ['systemd.unit(5), Unit File Load Path'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { outside: '{path} is not in a directory where systemd looks for units' },
  examples: [
    {
      name: 'one directory too high, and one too deep',
      tree: unitTree(
        {},
        { files: { '/etc/systemd/a.service': text, '/usr/lib/systemd/system/agent/b.service': text } },
      ),
      findings: [
        ['/etc/systemd/a.service', '/etc/systemd/a.service is not in a directory where systemd looks for units'],
        [
          '/usr/lib/systemd/system/agent/b.service',
          '/usr/lib/systemd/system/agent/b.service is not in a directory where systemd looks for units',
        ],
      ],
    },
    {
      name: 'units of the system and of users',
      tree: unitTree({ 'a.service': text }, { files: { '/usr/lib/systemd/user/b.service': text } }),
      findings: [],
    },
  ],
  run: (facts) => strayFindings(facts, ['outside']),
};
