/** Programs of Exec*= lines that are not in the image. systemd-analyze(1) verify, path-util.c (find_executable_full). */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { programFindings } from './program-findings.ts';

export const missingExecutable: LintRule = {
  id: 'unit/missing-executable',
  title: 'every program that a unit runs is in the image',
  many: '{count} programs that units run are missing',
  why: 'The service fails when it is started, with status 203/EXEC.',
  fix: 'Install the package that brings the program, or correct the path; a dash in front of a command allows it to fail.',
  references: ['systemd.service(5), Command lines', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    missing: '{unit}: {key}= runs {program}, which is not in the image',
    later: '{unit}: {key}= runs {program}, which has to be put there before the unit starts',
  },
  examples: [
    {
      name: 'a program that was not installed',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/agent --now\n' }, { started: ['a.service'] }),
      findings: [['a.service', 'a.service: ExecStart= runs /usr/bin/agent, which is not in the image']],
    },
    {
      name: 'one that the running system makes',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/var/lib/agent/agent\n' }, { started: ['a.service'] }),
      findings: [
        [
          'a.service',
          'a.service: ExecStart= runs /var/lib/agent/agent, which has to be put there before the unit starts',
        ],
      ],
    },
    {
      name: 'a command that may fail, a name that is found in the search path, and another root',
      tree: unitTree(
        {
          'a.service': '[Service]\nExecStartPre=-/usr/bin/agent\nExecStart=+true\n',
          'b.service': '[Service]\nRootDirectory=/srv/root\nExecStart=/bin/inside\n',
        },
        { started: ['a.service', 'b.service'] },
      ),
      findings: [],
    },
  ],
  run: (facts) => programFindings(facts, ['missing']),
};
