/** Units that are ordered in a circle within one start. transaction.c (transaction_verify_order). */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';

const ordered = (after: string): string => `[Unit]\nAfter=${after}\n[Service]\nExecStart=/usr/bin/true\n`;

export const orderingCycle: LintRule = {
  id: 'unit/ordering-cycle',
  title: 'no start orders units in a circle',
  many: '{count} circles in the order of units',
  why: 'The service manager leaves one of the units out to break the circle, a different one from boot to boot, or refuses the start altogether.',
  fix: 'Take away one of the After= or Before= lines; DefaultDependencies=no is for what must run before sysinit.target.',
  references: ['systemd.unit(5), Before=', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    circle: 'starting {root} orders {units} in a circle: one of them is left out',
    refused: 'starting {root} orders {units} in a circle: the start is refused',
  },
  examples: [
    {
      name: 'services that wait for each other at boot, and a required one',
      tree: unitTree(
        {
          'a.service': ordered('b.service'),
          'b.service': ordered('a.service'),
          'c.service': `[Unit]\nRequires=d.service\n${ordered('d.service')}`,
          'd.service': `[Unit]\nRequires=c.service\n${ordered('c.service')}`,
        },
        { started: ['a.service', 'b.service'] },
      ),
      findings: [
        ['a.service', 'starting multi-user.target orders a.service, b.service in a circle: one of them is left out'],
        ['c.service', 'starting c.service orders c.service, d.service in a circle: the start is refused'],
      ],
    },
    {
      name: 'an order without a circle, and one of units that are not started together',
      tree: unitTree(
        {
          'a.service': ordered('b.service'),
          'b.service': ordered('c.service'),
          'c.service': ordered('a.service'),
        },
        { started: ['a.service', 'b.service'] },
      ),
      findings: [],
    },
  ],
  *run(facts) {
    const { cycles, units: all } = facts.get('unit-audit');
    const used = new Set(all.filter(({ use }) => use !== 'no').map(({ name }) => name));
    for (const { units, steps, root, unbreakable } of cycles) {
      const sorted = [...units].sort();
      yield {
        subject: { kind: 'unit', name: sorted[0] ?? root },
        message: unbreakable ? 'refused' : 'circle',
        data: { root, units: sorted.join(', ') },
        evidence: steps.map(({ from, to, location }) => at(location, 'set by', `${from} after ${to}`)),
        ...(units.some((name) => used.has(name)) ? {} : { severity: 'info' }),
      };
    }
  },
};
