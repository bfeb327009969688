/** Accounts with the very same hash: the same password and the same salt, so that even who cannot crack it sees it. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

export const sharedPassword: LintRule = {
  id: 'accounts/shared-password',
  title: 'no two accounts share a password',
  many: '{count} accounts share their password with another',
  why: 'Whoever knows the password of one account has the other too; equal hashes show it to everyone who can read one of them.',
  fix: 'Give each account a password of its own, or lock all but one.',
  references: ['crypt(5)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['passwords'],
  messages: { shared: 'the password of {name} is also that of {others}' },
  examples: [
    {
      name: 'one hash for root and for the administrator',
      tree: { '/etc/shadow': 'root:$y$j9T$salt$abc:20000::::::\nadmin:$y$j9T$salt$abc:20000::::::\nx:*:20000::::::\n' },
      findings: [
        ['root', 'the password of root is also that of admin'],
        ['admin', 'the password of admin is also that of root'],
      ],
    },
    {
      name: 'hashes that differ',
      tree: { '/etc/shadow': 'root:$y$j9T$salt$abc:20000::::::\nadmin:$y$j9T$other$abc:20000::::::\n' },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { name, sharedWith, location } of facts.get('passwords').passwords)
      if (sharedWith.length > 0)
        yield {
          subject: { kind: 'account', name },
          message: 'shared',
          data: { name, others: sharedWith.join(', ') },
          evidence: [at(location)],
        };
  },
};
