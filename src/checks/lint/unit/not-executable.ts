/** Programs of Exec*= lines that are there and cannot be run: directories, devices, files without the permission. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { programFindings } from './program-findings.ts';

export const notExecutable: LintRule = {
  id: 'unit/not-executable',
  title: 'every program that a unit runs may be run',
  many: '{count} programs that units run may not be run',
  why: 'The service fails when it is started, with status 203/EXEC.',
  fix: 'Install the file with mode 0755, or name the program inside the directory.',
  references: ['systemd.service(5), Command lines', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    'not-executable': '{unit}: {key}= runs {program}, which has no permission to be executed',
    directory: '{unit}: {key}= runs {program}, which is a directory',
    'not-a-file': '{unit}: {key}= runs {program}, which is not a regular file',
  },
  examples: [
    {
      name: 'a script that was copied without its mode, a directory, and a pipe',
      tree: unitTree(
        {
          'a.service': '[Service]\nExecStart=/opt/a.sh\n',
          'b.service': '[Service]\nExecStart=/opt/b\n',
          'c.service': '[Service]\nExecStart=/opt/c\n',
        },
        {
          started: ['a.service', 'b.service', 'c.service'],
          files: { '/opt/a.sh': '#!/bin/sh\n', '/opt/b': { directory: true }, '/opt/c': { type: 'fifo' } },
        },
      ),
      findings: [
        ['a.service', 'a.service: ExecStart= runs /opt/a.sh, which has no permission to be executed'],
        ['b.service', 'b.service: ExecStart= runs /opt/b, which is a directory'],
        ['c.service', 'c.service: ExecStart= runs /opt/c, which is not a regular file'],
      ],
    },
    {
      name: 'a program',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\n' }, { started: ['a.service'] }),
      findings: [],
    },
  ],
  run: (facts) => programFindings(facts, ['not-executable', 'directory', 'not-a-file']),
};
