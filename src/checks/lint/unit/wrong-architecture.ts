/** Programs of Exec*= lines that were built for another machine than the image. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { programFindings } from './program-findings.ts';

/** The first bytes of a 64-bit little-endian ELF file for that e_machine, without segments. */
function elf(machine: number): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.set([2, 0, machine, 0, 1], 16);
  bytes.set([64, 0, 56], 52);
  return bytes;
}

const image = { '/var/lib/dpkg/arch': 'amd64\n', '/usr/bin/dpkg': { bytes: elf(62), mode: 0o755 } };

export const wrongArchitecture: LintRule = {
  id: 'unit/wrong-architecture',
  title: 'every program that a unit runs is built for the machine of the image',
  many: '{count} programs that units run are built for another machine',
  why: 'The kernel refuses to run it: exec format error, status 203/EXEC.',
  fix: 'Build or install the program for the architecture of the image.',
  references: ['execve(2)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { 'other-architecture': '{unit}: {key}= runs {program}, which is built for {detail}' },
  examples: [
    {
      name: 'a program for ARM in an image for PCs',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/opt/agent\n' },
        { started: ['a.service'], files: { ...image, '/opt/agent': { bytes: elf(183), mode: 0o755 } } },
      ),
      findings: [['a.service', 'a.service: ExecStart= runs /opt/agent, which is built for arm64']],
    },
    {
      name: 'a program for PCs',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/opt/agent\n' },
        { started: ['a.service'], files: { ...image, '/opt/agent': { bytes: elf(62), mode: 0o755 } } },
      ),
      findings: [],
    },
  ],
  run: (facts) => programFindings(facts, ['other-architecture']),
};
