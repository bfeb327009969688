/** Values that systemd does not accept. load-fragment.c. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { problemFindings } from './problem-findings.ts';

export const invalidValue: LintRule = {
  id: 'unit/invalid-value',
  title: 'every value in a unit file is one that systemd accepts',
  many: '{count} values in unit files are not accepted',
  why: 'The service manager leaves a value that it cannot read out, and goes on with the one before it or the default; a few make the unit unusable.',
  fix: 'Write the value as the manual page of the key says.',
  references: ['systemd.directives(7)', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { line: '{unit}: {problem}' },
  examples: [
    {
      name: 'a time span with an unknown unit',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nRestartSec=5 bananas\n' }),
      findings: [['a.service', 'a.service: RestartSec=: Failed to parse time value, ignoring: 5 bananas']],
    },
    {
      name: 'a time span',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nRestartSec=1min 5s\n' }),
      findings: [],
    },
  ],
  run: (facts) => problemFindings(facts, 'bad-value'),
};
