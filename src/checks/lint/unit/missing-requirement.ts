/** Requires=, BindsTo=, Requisite= and .requires/ links to units that do not exist, are masked or are refused. transaction.c. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { unitFinding, weigh } from './unit-finding.ts';

const states = {
  'not-found': 'does not exist',
  masked: 'is masked',
  error: 'cannot be read',
  'bad-setting': 'is refused',
  loaded: '',
};

export const missingRequirement: LintRule = {
  id: 'unit/missing-requirement',
  title: 'every unit that another one requires can be started',
  many: '{count} required units cannot be started',
  why: 'The service manager refuses to start a unit if one that it requires, or one that those require, cannot be had.',
  fix: 'Install or unmask the required unit, or weaken the dependency to Wants=.',
  references: ['systemd.unit(5), Requires=', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { required: '{unit} needs {other} ({by}), which {state}' },
  examples: [
    {
      name: 'a unit that is not there, one that is masked, and a link',
      tree: unitTree(
        { 'a.service': '[Unit]\nRequires=gone.service\nBindsTo=off.service\n[Service]\nExecStart=/usr/bin/true\n' },
        {
          started: ['a.service'],
          files: {
            '/etc/systemd/system/off.service': { link: '/dev/null' },
            '/etc/systemd/system/a.service.requires/lost.service': { link: '../lost.service' },
          },
        },
      ),
      findings: [
        ['a.service', 'a.service needs gone.service (Requires), which does not exist'],
        ['a.service', 'a.service needs off.service (BindsTo), which is masked'],
        ['a.service', 'a.service needs lost.service (.requires/), which does not exist'],
      ],
    },
    {
      name: 'units that are only wanted, and a device',
      tree: unitTree(
        {
          'a.service':
            '[Unit]\nWants=gone.service\nAfter=gone.service\nBindsTo=dev-sda.device\n[Service]\nExecStart=/usr/bin/true\n',
        },
        { started: ['a.service'] },
      ),
      findings: [],
    },
  ],
  *run(facts) {
    for (const unit of facts.get('unit-audit').units)
      for (const { by, unit: other, loadState, location } of unit.references)
        if (by !== '.wants/' && by !== '.upholds/')
          yield {
            ...unitFinding(unit.name, 'required', location, { other, by, state: states[loadState] }),
            ...weigh(unit),
          };
  },
};
