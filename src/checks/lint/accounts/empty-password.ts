/** Accounts anyone may use: the password field of passwd(5) or shadow(5) is empty. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

export const emptyPassword: LintRule = {
  id: 'accounts/empty-password',
  title: 'no account can be used without a password',
  many: '{count} accounts need no password',
  why: 'An empty password field lets anyone log in on a console, and over SSH where PermitEmptyPasswords is set.',
  fix: 'Lock the account (usermod -L), or give it a password or a key.',
  references: ['passwd(5)', 'shadow(5)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'cheap',
  needs: ['accounts'],
  messages: { empty: 'the account {name} needs no password' },
  examples: [
    {
      name: 'the field in shadow is empty',
      tree: {
        '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nguest:x:1000:1000::/home/guest:/bin/sh\n',
        '/etc/shadow': 'root:*:20000:0:99999:7:::\nguest::20000:0:99999:7:::\n',
      },
      findings: [['guest', 'the account guest needs no password']],
    },
    {
      name: 'locked accounts, and one with a hash',
      tree: {
        '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/sh\n',
        '/etc/shadow': 'root:!*:20000:0:99999:7:::\nadmin:$y$j9T$abc$def:20000:0:99999:7:::\n',
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { name, password, passwordLocation } of facts.get('accounts').users)
      if (password === 'none')
        yield {
          subject: { kind: 'account', name },
          message: 'empty',
          data: { name },
          evidence: [at(passwordLocation)],
        };
  },
};
