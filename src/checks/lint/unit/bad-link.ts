/** Entries of .wants, .requires and .upholds directories that start nothing, or something else than they show. load-dropin.c. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { strayFindings } from './stray-findings.ts';

const wants = '/etc/systemd/system/multi-user.target.wants';

export const badLink: LintRule = {
  id: 'unit/bad-link',
  title: 'every entry of a .wants directory is a link to the unit of its name',
  many: '{count} entries of .wants directories mislead',
  why: 'The service manager goes by the name of the link and not by where it points; files that are no links are passed over.',
  fix: 'Enable units with systemctl enable (or --root=), which makes the links as they should be.',
  references: ['systemd.unit(5)', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    'bad-link': '{path} is no link to a unit: nothing is started by it',
    'template-link': '{path} names no instance: it starts {target}',
    'renamed-link': '{path} points to {target}, but starts the unit of its own name',
  },
  examples: [
    {
      name: 'a copy in place of a link, a template, and a link with another name',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/usr/bin/true\n', 'b@.service': '[Service]\nExecStart=/usr/bin/true\n' },
        {
          files: {
            [`${wants}/a.service`]: '[Service]\nExecStart=/usr/bin/true\n',
            [`${wants}/b@.service`]: { link: '../b@.service' },
            [`${wants}/multi-user.target`]: { link: '../a.service' },
          },
        },
      ),
      findings: [
        [`${wants}/a.service`, `${wants}/a.service is no link to a unit: nothing is started by it`],
        [`${wants}/b@.service`, `${wants}/b@.service names no instance: it starts b@multi-user.service`],
        [
          `${wants}/multi-user.target`,
          `${wants}/multi-user.target points to ../a.service, but starts the unit of its own name`,
        ],
      ],
    },
    {
      name: 'links to a unit and to a template',
      tree: unitTree(
        { 'a.service': '[Service]\nExecStart=/usr/bin/true\n', 'b@.service': '[Service]\nExecStart=/usr/bin/true\n' },
        { started: ['a.service'], files: { [`${wants}/b@one.service`]: { link: '../b@.service' } } },
      ),
      findings: [],
    },
  ],
  run: (facts) => strayFindings(facts, ['bad-link', 'template-link', 'renamed-link']),
};
