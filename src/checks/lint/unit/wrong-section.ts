/** Keys that exist, but not in the section they stand in. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { problemFindings } from './problem-findings.ts';

export const wrongSection: LintRule = {
  id: 'unit/wrong-section',
  title: 'every key of a unit file stands in a section that has it',
  many: '{count} keys of unit files stand in the wrong section',
  why: 'A key counts in its own section only; elsewhere systemd leaves it out as one that it does not know.',
  fix: 'Move the line: dependencies and conditions to [Unit], what is run to [Service], links to [Install].',
  references: ['systemd.directives(7)', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { line: '{unit}: {problem}' },
  examples: [
    {
      name: 'an order in [Service]',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nAfter=network.target\n' }),
      findings: [['a.service', "a.service: Unknown key 'After' in section [Service], ignoring."]],
    },
    {
      name: 'an order in [Unit]',
      tree: unitTree({ 'a.service': '[Unit]\nAfter=network.target\n[Service]\nExecStart=/usr/bin/true\n' }),
      findings: [],
    },
  ],
  run: (facts) => problemFindings(facts, 'wrong-section'),
};
