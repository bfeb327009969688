/** Scripts whose first line, and programs whose dynamic linker, name a program that is not in the image. execve(2). */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { programFindings } from './program-findings.ts';

export const missingInterpreter: LintRule = {
  id: 'unit/missing-interpreter',
  title: 'what runs the program of a unit is in the image too',
  many: '{count} programs that units run lack their interpreter',
  why: 'The kernel cannot start a script without the program of its first line, nor a program without its dynamic linker: the error says the program is not there.',
  fix: 'Install the interpreter, or the package that has the dynamic linker (libc6 of the program’s architecture; on NixOS patchelf).',
  references: ['execve(2)', 'ld.so(8)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { 'no-interpreter': '{unit}: {key}= runs {program}, which needs {detail}, which is not in the image' },
  examples: [
    {
      name: 'a script for a language that was not installed',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/opt/a\nExecStop=/opt/b\n' },
        {
          started: ['a.service'],
          files: {
            '/usr/bin/env': { text: 'a program\n', mode: 0o755 },
            '/opt/a': { text: '#!/usr/bin/env python3\n', mode: 0o755 },
            '/opt/b': { text: '#! /bin/bash -e\n', mode: 0o755 },
          },
        },
      ),
      findings: [
        ['a.service', 'a.service: ExecStart= runs /opt/a, which needs python3, which is not in the image'],
        ['a.service', 'a.service: ExecStop= runs /opt/b, which needs /bin/bash, which is not in the image'],
      ],
    },
    {
      name: 'a script for a shell that is there',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/opt/a\n' },
        { started: ['a.service'], files: { '/opt/a': { text: '#!/usr/bin/true\n', mode: 0o755 } } },
      ),
      findings: [],
    },
  ],
  run: (facts) => programFindings(facts, ['no-interpreter']),
};
