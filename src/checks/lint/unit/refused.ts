/** Units that systemd reads and then refuses: no command, a Type= that forbids what is set, a name that does not fit. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { unitFinding, weigh } from './unit-finding.ts';

export const refused: LintRule = {
  id: 'unit/refused',
  title: 'systemd accepts every unit',
  many: '{count} units are refused by systemd',
  why: 'A unit with a bad setting cannot be started, and neither can units that require it.',
  fix: 'Change what the sentence names; a drop-in that adds a second command resets the first with an empty ExecStart=.',
  references: ['systemd.service(5)', 'systemd.socket(5)', 'systemd.mount(5)', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { refused: '{unit} cannot be started: {reason}' },
  examples: [
    {
      name: 'a drop-in that adds a command instead of replacing it',
      tree: unitTree(
        {
          'a.service': '[Service]\nExecStart=/usr/bin/true\n',
          'a.service.d/override.conf': '[Service]\nExecStart=/usr/bin/true --mine\n',
        },
        { started: ['a.service'] },
      ),
      findings: [
        [
          'a.service',
          'a.service cannot be started: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.',
        ],
      ],
    },
    {
      name: 'one that empties the list first',
      tree: unitTree(
        {
          'a.service': '[Service]\nExecStart=/usr/bin/true\n',
          'a.service.d/override.conf': '[Service]\nExecStart=\nExecStart=/usr/bin/true --mine\n',
        },
        { started: ['a.service'] },
      ),
      findings: [],
    },
  ],
  *run(facts) {
    for (const unit of facts.get('unit-audit').units) {
      const { name, loadState, loadError, fragment } = unit;
      if (loadState === 'masked' || loadError === undefined || !fragment) continue;
      yield { ...unitFinding(name, 'refused', fragment, { reason: loadError }), ...weigh(unit) };
    }
  },
};
