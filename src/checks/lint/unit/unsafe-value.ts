/** Values that work, and that systemd itself warns of. */
import type { LintRule } from '../lint-rule.ts';
import { adviceFindings } from './advice-findings.ts';
import { unitTree } from './example-tree.ts';

export const unsafeValue: LintRule = {
  id: 'unit/unsafe-value',
  title: 'no unit has a setting that systemd warns of',
  many: '{count} settings of units are unsafe',
  why: 'KillMode=none leaves processes behind when a service stops; services that share the user nobody can read and stop each other.',
  fix: 'Use KillMode=mixed or process, and DynamicUser=yes or a user of the service’s own.',
  references: ['systemd.kill(5)', 'systemd.exec(5), User=', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { line: '{unit}: {advice}' },
  examples: [
    {
      name: 'a service whose processes are not stopped with it',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nKillMode=none\n' }),
      findings: [
        [
          'a.service',
          'a.service: KillMode=none leaves processes behind that systemd does not know, and will be removed',
        ],
      ],
    },
    {
      name: 'one that ends its main process only',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nKillMode=process\n' }),
      findings: [],
    },
  ],
  run: (facts) => adviceFindings(facts, 'unsafe'),
};
