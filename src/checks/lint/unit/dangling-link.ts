/** Links in .wants and .upholds directories to units that do not exist. load-dropin.c. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { isVendors } from './stray-findings.ts';
import { unitFinding } from './unit-finding.ts';

export const danglingLink: LintRule = {
  id: 'unit/dangling-link',
  title: 'every link that starts a unit leads to one',
  many: '{count} links start units that do not exist',
  why: 'Somebody enabled a unit that is not there any more, or is called otherwise: systemd says nothing, and nothing starts.',
  fix: 'Install the unit, or remove the link (systemctl disable in the chroot).',
  references: ['systemd.unit(5)', 'systemctl(1), enable'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { link: '{unit} wants {other}, which does not exist' },
  examples: [
    {
      name: 'a unit that was removed without being disabled',
      tree: unitTree({}, { started: ['old-agent.service'] }),
      findings: [['multi-user.target', 'multi-user.target wants old-agent.service, which does not exist']],
    },
    {
      name: 'an enabled unit',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\n' }, { started: ['a.service'] }),
      findings: [],
    },
  ],
  *run(facts) {
    for (const { name, references } of facts.get('unit-audit').units)
      for (const { by, unit: other, location } of references)
        if (by === '.wants/' || by === '.upholds/')
          yield {
            ...unitFinding(name, 'link', location, { other }),
            ...(isVendors(location.path ?? '') ? { severity: 'info' } : {}),
          };
  },
};
