/** Keys that systemd does not know in any section. conf-parser.c, load-fragment-gperf. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { problemFindings } from './problem-findings.ts';

export const unknownDirective: LintRule = {
  id: 'unit/unknown-directive',
  title: 'every key of a unit file is one that systemd knows',
  many: '{count} keys of unit files are unknown',
  why: 'The service manager leaves a key that it does not know out with a line in the log: what was meant to be set has its default.',
  fix: 'Correct the spelling, which minds upper and lower case; keys of your own begin with X-.',
  references: ['systemd.directives(7)', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { line: '{unit}: {problem}' },
  examples: [
    {
      name: 'a misspelt key in a drop-in',
      tree: unitTree({
        'a.service': '[Service]\nExecStart=/usr/bin/true\n',
        'a.service.d/10-restart.conf': '[Service]\nRestrat=always\n',
      }),
      findings: [['a.service', "a.service: Unknown key 'Restrat' in section [Service], ignoring."]],
    },
    {
      name: 'keys that are known, and one of one’s own',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nRestart=always\nX-Recipe=a.bb\n' }),
      findings: [],
    },
  ],
  run: (facts) => problemFindings(facts, 'unknown-key'),
};
