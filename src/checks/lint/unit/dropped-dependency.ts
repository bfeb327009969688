/** Dependencies that systemd leaves out because they make no sense. unit.c (unit_add_dependency). */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { unitFinding } from './unit-finding.ts';

export const droppedDependency: LintRule = {
  id: 'unit/dropped-dependency',
  title: 'every dependency of a unit is one that it can have',
  many: '{count} dependencies of units are dropped',
  why: 'What was meant to be ordered or reported is not: a unit cannot wait for itself, and devices come when they come.',
  fix: 'Remove the line, or name the unit that was meant.',
  references: ['systemd.unit(5)', 'systemd-analyze(1), verify'],
  severity: 'info',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    itself: '{unit}: {key}={other} is dropped: it is the unit itself',
    device: '{unit}: {key}={other} is dropped: devices cannot be delayed',
    'no-failure': '{unit}: {key}={other} is dropped: such a unit cannot fail',
  },
  examples: [
    {
      name: 'an order after itself, before a device, and a slice that fails',
      tree: unitTree({
        'a.service': '[Unit]\nAfter=a.service\nBefore=dev-sda.device\n[Service]\nExecStart=/usr/bin/true\n',
        'b.slice': '[Unit]\nOnFailure=a.service\n',
      }),
      findings: [
        ['a.service', 'a.service: Before=dev-sda.device is dropped: devices cannot be delayed'],
        ['a.service', 'a.service: After=a.service is dropped: it is the unit itself'],
        ['b.slice', 'b.slice: OnFailure=a.service is dropped: such a unit cannot fail'],
      ],
    },
    {
      name: 'an order after a device',
      tree: unitTree({ 'a.service': '[Unit]\nAfter=dev-sda.device\n[Service]\nExecStart=/usr/bin/true\n' }),
      findings: [],
    },
  ],
  *run(facts) {
    for (const { name, dropped } of facts.get('unit-audit').units)
      for (const { reason, directive: key, unit: other, location } of dropped)
        yield unitFinding(name, reason, location, { key, other });
  },
};
