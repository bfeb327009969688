/** User=, Group= and the like that name an account which is neither in the image nor made by systemd-sysusers. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { unitFinding, weigh } from './unit-finding.ts';

const accounts = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/etc/group': 'root:x:0:\n' };
const text = '[Service]\nExecStart=/usr/bin/true\nUser=agent\nSupplementaryGroups=agents\n';

export const unknownAccount: LintRule = {
  id: 'unit/unknown-account',
  title: 'every user and group that a unit runs as exists',
  many: '{count} users and groups of units do not exist',
  why: 'The service fails when it is started, with status 217/USER or 216/GROUP.',
  fix: 'Make the account in the package (sysusers.d, adduser in its script), or use DynamicUser=yes.',
  references: ['systemd.exec(5), User=', 'sysusers.d(5)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { account: '{unit}: {key}={name}, but there is no such {kind}' },
  examples: [
    {
      name: 'accounts nobody makes',
      tree: unitTree({ 'a.service': text }, { started: ['a.service'], files: accounts }),
      findings: [
        ['a.service', 'a.service: User=agent, but there is no such user'],
        ['a.service', 'a.service: SupplementaryGroups=agents, but there is no such group'],
      ],
    },
    {
      name: 'accounts that systemd-sysusers makes at boot, numbers, a dynamic user',
      tree: unitTree(
        {
          'a.service': text,
          'b.service': '[Service]\nExecStart=/usr/bin/true\nUser=1000\n',
          'c.service': '[Service]\nExecStart=/usr/bin/true\nUser=anyone\nDynamicUser=yes\n',
        },
        {
          started: ['a.service', 'b.service', 'c.service'],
          files: { ...accounts, '/usr/lib/sysusers.d/agent.conf': 'u agent -\ng agents -\n' },
        },
      ),
      findings: [],
    },
    {
      name: 'accounts that a directory service may know',
      tree: unitTree(
        { 'a.service': text },
        {
          started: ['a.service'],
          files: { ...accounts, '/etc/nsswitch.conf': 'passwd: files sss\ngroup: files sss\n' },
        },
      ),
      findings: [],
    },
  ],
  *run(facts) {
    for (const unit of facts.get('unit-audit').units)
      for (const { kind, directive: key, name, location } of unit.missingAccounts)
        yield { ...unitFinding(unit.name, 'account', location, { key, name, kind }), ...weigh(unit) };
  },
};
