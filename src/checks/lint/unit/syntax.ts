/** Lines that are neither a section, an assignment nor a comment. systemd.syntax(7), conf-parser.c. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { problemFindings } from './problem-findings.ts';

export const syntax: LintRule = {
  id: 'unit/syntax',
  title: 'every line of a unit file can be read',
  many: '{count} lines of unit files cannot be read',
  why: 'The service manager leaves such a line out, and after a broken section header the rest of the file: the unit does not say what its file seems to.',
  fix: 'Write Key=value below a [Section] header, and comments on lines of their own.',
  references: ['systemd.syntax(7)', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { line: '{unit}: {problem}' },
  examples: [
    {
      name: 'a line without =',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nRestart always\n' }),
      findings: [['a.service', "a.service: Missing '=', ignoring line."]],
    },
    {
      name: 'comments and continued lines',
      tree: unitTree({ 'a.service': '# why\n[Service]\nExecStart=/usr/bin/true \\\n# here too\n  more\n' }),
      findings: [],
    },
  ],
  run: (facts) => problemFindings(facts, 'syntax'),
};
