/** Sections that the type of the unit does not have. conf-parser.c. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { problemFindings } from './problem-findings.ts';

export const unknownSection: LintRule = {
  id: 'unit/unknown-section',
  title: 'every section of a unit file is one that systemd reads',
  many: '{count} sections of unit files are not read',
  why: 'The service manager passes over a section that it does not know in that type of unit, with everything in it.',
  fix: 'Correct the name of the section; sections of your own begin with X-.',
  references: ['systemd.unit(5)', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { line: '{unit}: {problem}' },
  examples: [
    {
      name: 'a misspelt section',
      tree: unitTree({ 'a.service': '[Servcie]\nRestart=always\n[Service]\nExecStart=/usr/bin/true\n' }),
      findings: [['a.service', "a.service: Unknown section 'Servcie'. Ignoring."]],
    },
    {
      name: 'a section of one’s own',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\n[X-Build]\nRecipe=a.bb\n' }),
      findings: [],
    },
  ],
  run: (facts) => problemFindings(facts, 'unknown-section'),
};
