/** Unit files that anyone may change, or that are marked as programs. fs-util.c (stat_warn_permissions). */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { strayFindings } from './stray-findings.ts';

const file = '/usr/lib/systemd/system/a.service';
const text = '[Service]\nExecStart=/usr/bin/true\n';

export const fileMode: LintRule = {
  id: 'unit/file-mode',
  title: 'unit files have the permissions of configuration',
  many: '{count} unit files have odd permissions',
  why: 'Whoever may write to a unit file is root after the next start; systemd warns of both.',
  fix: 'Install unit files with mode 0644.',
  references: ['systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { executable: '{path} is marked executable', writable: '{path} can be written by everyone' },
  examples: [
    {
      name: 'a unit file that everyone may write, one that is executable',
      tree: unitTree(
        {},
        { files: { [file]: { text, mode: 0o666 }, '/etc/systemd/system/b.service': { text, mode: 0o755 } } },
      ),
      findings: [
        ['/etc/systemd/system/b.service', '/etc/systemd/system/b.service is marked executable'],
        [file, `${file} can be written by everyone`],
      ],
    },
    { name: 'a unit file', tree: unitTree({}, { files: { [file]: text } }), findings: [] },
  ],
  run: (facts) => strayFindings(facts, ['executable', 'writable'], ({ kind }) => kind === 'executable'),
};
