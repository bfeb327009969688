/** Keys and values that systemd accepts for old units' sake, with a warning or without effect. load-fragment.c. */
import type { LintRule } from '../lint-rule.ts';
import { adviceFindings } from './advice-findings.ts';
import { unitTree } from './example-tree.ts';

export const obsolete: LintRule = {
  id: 'unit/obsolete',
  title: 'no unit uses what systemd has given up',
  many: '{count} lines of unit files are obsolete',
  why: 'Keys without effect set nothing; replaced ones work until a later systemd drops them.',
  fix: 'Write what takes its place, or remove the line.',
  references: ['NEWS of systemd', 'systemd-analyze(1), verify'],
  severity: 'info',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { line: '{unit}: {advice}' },
  examples: [
    {
      name: 'a limit of the first control groups',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nMemoryLimit=1G\n' }),
      findings: [['a.service', 'a.service: MemoryLimit= is obsolete, MemoryMax= takes its place']],
    },
    {
      name: 'its successor',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nMemoryMax=1G\n' }),
      findings: [],
    },
  ],
  run: (facts) => adviceFindings(facts, 'obsolete'),
};
