/** EnvironmentFile= without a dash whose file is not there. systemd.exec(5). */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { unitFinding, weigh } from './unit-finding.ts';

export const missingEnvironmentFile: LintRule = {
  id: 'unit/missing-environment-file',
  title: 'every environment file that a unit needs is in the image',
  many: '{count} environment files that units need are missing',
  why: 'Without a dash in front of its path the file must be there: else the unit fails before its program is run.',
  fix: 'Install the file, or write EnvironmentFile=-PATH if the unit can do without it.',
  references: ['systemd.exec(5), EnvironmentFile='],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    missing: '{unit}: {key}={path}, which is not in the image',
    later: '{unit}: {key}={path}, which has to be put there before the unit starts',
  },
  examples: [
    {
      name: 'a file that was not installed, and one that is made at boot',
      tree: unitTree(
        {
          'a.service':
            '[Service]\nExecStart=/usr/bin/true\nEnvironmentFile=/etc/default/a\nEnvironmentFile=/run/a/env\n',
        },
        { started: ['a.service'] },
      ),
      findings: [
        ['a.service', 'a.service: EnvironmentFile=/etc/default/a, which is not in the image'],
        ['a.service', 'a.service: EnvironmentFile=/run/a/env, which has to be put there before the unit starts'],
      ],
    },
    {
      name: 'an optional file, and a pattern that matches one',
      tree: unitTree(
        {
          'a.service':
            '[Service]\nExecStart=/usr/bin/true\nEnvironmentFile=-/etc/default/a\nEnvironmentFile=/etc/a/*.env\n',
        },
        { started: ['a.service'], files: { '/etc/a/one.env': 'A=b\n' } },
      ),
      findings: [],
    },
  ],
  *run(facts) {
    for (const unit of facts.get('unit-audit').units)
      for (const { directive: key, path, location, volatile } of unit.missingFiles)
        yield volatile
          ? { ...unitFinding(unit.name, 'later', location, { key, path }), severity: 'info' }
          : { ...unitFinding(unit.name, 'missing', location, { key, path }), ...weigh(unit) };
  },
};
