/** Accounts with the rights of root under another name. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

export const secondRoot: LintRule = {
  id: 'accounts/second-root',
  title: 'only root has the number 0',
  many: '{count} accounts besides root have its number',
  why: 'The account is root for the kernel, and overlooked wherever root is locked or forbidden by name.',
  fix: 'Give the account a number of its own, and what it needs by sudo or a group.',
  references: ['CIS Debian 5.4.2.1'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'cheap',
  needs: ['accounts'],
  messages: { root: 'the account {name} has the rights of root' },
  examples: [
    {
      name: 'a back door for service technicians',
      tree: { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nservice:x:0:0::/root:/bin/sh\n' },
      findings: [['service', 'the account service has the rights of root']],
    },
    { name: 'root alone', tree: { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n' }, findings: [] },
  ],
  *run(facts) {
    for (const { name, uid, location } of facts.get('accounts').users)
      if (uid === 0 && name !== 'root')
        yield { subject: { kind: 'account', name }, message: 'root', data: { name }, evidence: [at(location)] };
  },
};
