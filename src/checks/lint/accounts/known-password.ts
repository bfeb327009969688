/** Passwords that everybody would try first. Only SHA-crypt hashes are tried: yescrypt and others are noted as not looked into. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

const root = '$6$saltstring$DdMx7.nV1ZynhlO7EO4TTn5gJugAa.k4jN2nRFAlHDSsA1gGewAT55AkcPA8aHi39qiSEC/Jgxw6MZ0ls9OrM0';

/** crypt(5). */
const schemes: Readonly<Record<string, string>> = {
  y: 'yescrypt',
  gy: 'gost-yescrypt',
  '7': 'scrypt',
  '2a': 'bcrypt',
  '2b': 'bcrypt',
  '2y': 'bcrypt',
  '1': 'MD5-crypt',
  '5': 'SHA-256-crypt of an odd form',
  '6': 'SHA-512-crypt of an odd form',
  des: 'DES',
};

export const knownPassword: LintRule = {
  id: 'accounts/known-password',
  title: 'no account has a password that everybody tries first',
  many: '{count} accounts have a well-known password',
  why: 'Images of development builds often have root as the password of root; scanners try such words within minutes. Words are held against SHA-crypt hashes ($5$, $6$); those of yescrypt ($y$), bcrypt ($2b$) and others are not computed.',
  fix: 'Lock the account (USER_root[password] = "" is not locked: use *), or set a hash per machine while it is provisioned.',
  references: ['isar-cip-core: default password of root', 'EN 303 645, 5.1'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['passwords'],
  messages: {
    known: 'the password of {name} is "{word}"',
    untried: 'whether the password of {name} is well known was not tried: its hash is {scheme}',
  },
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
    {
      name: 'a hash that is not computed',
      tree: {
        '/etc/shadow':
          'root:$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7:20000:0:99999:7:::\n',
      },
      findings: [['root', 'whether the password of root is well known was not tried: its hash is yescrypt']],
    },
  ],
  *run(facts) {
    for (const { name, word, scheme, isTried, location } of facts.get('passwords').passwords) {
      const about = { subject: { kind: 'account', name }, evidence: [at(location)] } as const;
      if (word !== undefined) yield { ...about, message: 'known', data: { name, word } };
      else if (!isTried)
        yield {
          ...about,
          message: 'untried',
          data: { name, scheme: schemes[scheme] ?? scheme },
          severity: 'info',
          remedy: 'Nothing, where the password was chosen at random.',
        };
    }
  },
};
