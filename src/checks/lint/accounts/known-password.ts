/** Passwords that everybody would try first. Only SHA-crypt hashes are tried; yescrypt and others are left alone. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

const root = '$6$saltstring$DdMx7.nV1ZynhlO7EO4TTn5gJugAa.k4jN2nRFAlHDSsA1gGewAT55AkcPA8aHi39qiSEC/Jgxw6MZ0ls9OrM0';

export const knownPassword: LintRule = {
  id: 'accounts/known-password',
  title: 'no account has a password that everybody tries first',
  many: '{count} accounts have a well-known password',
  why: 'Images of development builds often have root as the password of root; scanners try such words within minutes.',
  fix: 'Lock the account (USER_root[password] = "" is not locked: use *), or set a hash per machine while it is provisioned.',
  references: ['isar-cip-core: default password of root', 'EN 303 645, 5.1'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['passwords'],
  messages: { known: 'the password of {name} is "{word}"' },
  examples: [
    {
      name: 'the password of root is root',
      tree: { '/etc/shadow': `root:${root}:20000:0:99999:7:::\n` },
      findings: [['root', 'the password of root is "root"']],
    },
    {
      name: 'locked, and a hash of something else',
      tree: { '/etc/shadow': `root:!${root}:20000:0:99999:7:::\nadmin:$6$saltstring$abc:20000:0:99999:7:::\n` },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { name, word, location } of facts.get('passwords').passwords)
      if (word !== undefined)
        yield {
          subject: { kind: 'account', name },
          message: 'known',
          data: { name, word },
          evidence: [at(location)],
        };
  },
};
