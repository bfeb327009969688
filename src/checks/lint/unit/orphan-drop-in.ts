/** Drop-in directories of units that do not exist, and files in them that are not read. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { isVendors, strayFindings } from './stray-findings.ts';

const text = '[Service]\nRestart=always\n';

export const orphanDropIn: LintRule = {
  id: 'unit/orphan-drop-in',
  title: 'every drop-in belongs to a unit',
  many: '{count} drop-ins belong to no unit',
  why: 'A drop-in changes nothing if its directory is not called like a unit, or its own name does not end in .conf.',
  fix: 'Name the directory after the unit with .d behind it (k3s-server.service.d), and the file *.conf.',
  references: ['systemd.unit(5)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    'orphan-drop-in': '{path} is for {unit}, which does not exist',
    'ignored-drop-in': '{path} is not read: its name does not end in .conf',
  },
  examples: [
    {
      name: 'a drop-in for a unit of another name, and one with the wrong ending',
      tree: unitTree(
        { 'k3s-server.service': '[Service]\nExecStart=/usr/bin/true\n' },
        {
          files: {
            '/etc/systemd/system/k3s.service.d/10-restart.conf': text,
            '/etc/systemd/system/k3s-server.service.d/restart.config': text,
          },
        },
      ),
      findings: [
        [
          '/etc/systemd/system/k3s-server.service.d/restart.config',
          '/etc/systemd/system/k3s-server.service.d/restart.config is not read: its name does not end in .conf',
        ],
        [
          '/etc/systemd/system/k3s.service.d',
          '/etc/systemd/system/k3s.service.d is for k3s.service, which does not exist',
        ],
      ],
    },
    {
      name: 'drop-ins of a unit, of its prefix, of an instance, and of all services',
      tree: unitTree(
        {
          'k3s-server.service': '[Service]\nExecStart=/usr/bin/true\n',
          'a@.service': '[Service]\nExecStart=/usr/bin/true\n',
        },
        {
          files: Object.fromEntries(
            ['k3s-server.service', 'k3s-.service', 'a@one.service', 'service'].map((name) => [
              `/etc/systemd/system/${name}.d/a.conf`,
              text,
            ]),
          ),
        },
      ),
      findings: [],
    },
  ],
  run: (facts) =>
    strayFindings(
      facts,
      ['orphan-drop-in', 'ignored-drop-in'],
      ({ kind, path }) => kind === 'orphan-drop-in' && isVendors(path),
    ),
};
