/** People's accounts whose home is not in the image, or belongs to somebody else. */
import type { FactLookup } from '../../check.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { hasShell } from './login-accounts.ts';

/** Debian Policy 9.2.2. */
const FIRST_PERSON = 1000;
const LAST_PERSON = 59_999;

export const missingHome: LintRule = {
  id: 'accounts/missing-home',
  title: 'every person’s home is there and is theirs',
  many: '{count} accounts have no home of their own',
  why: 'Login falls back to / or is refused, SSH does not find the keys in it, and daemons that want a home fail.',
  fix: 'Make the directory with the account (useradd --create-home, tmpfiles.d), owned by it.',
  references: ['CIS Debian 7.2.9', 'login.defs(5)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'cheap',
  needs: ['accounts', 'file', 'tmpfiles'],
  messages: {
    missing: 'the home {home} of {name} is not there',
    file: 'the home {home} of {name} is no directory',
    owner: 'the home {home} of {name} belongs to user {uid}',
  },
  examples: [
    {
      name: 'no home, a file in its place, and one of root',
      tree: {
        '/etc/passwd':
          'a:x:1000:1000::/home/a:/bin/sh\nb:x:1001:1001::/home/b:/bin/sh\nc:x:1002:1002::/home/c:/bin/sh\n',
        '/home/b': 'x',
        '/home/c': { directory: true },
      },
      findings: [
        ['a', 'the home /home/a of a is not there'],
        ['b', 'the home /home/b of b is no directory'],
        ['c', 'the home /home/c of c belongs to user 0'],
      ],
    },
    {
      name: 'a home, one made at boot, and an account without a shell',
      tree: {
        '/etc/passwd':
          'a:x:1000:1000::/home/a:/bin/sh\nb:x:1001:1001::/home/b:/bin/sh\nc:x:1002:1002::/none:/usr/sbin/nologin\n',
        '/home/a': { directory: true, uid: 1000, gid: 1000 },
        '/usr/lib/tmpfiles.d/b.conf': 'd /home/b 0700 1001 1001 -\n',
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const account of facts.get('accounts').users) {
      const { name, uid, home, standing, location } = account;
      if (uid < FIRST_PERSON || uid > LAST_PERSON || standing !== 'present' || !hasShell(account)) continue;
      const { state, stat } = facts.get('file', home);
      if (state === 'unreadable' || (!stat && isMadeAtBoot(home, facts))) continue;
      const message = !stat ? 'missing' : stat.type !== 'directory' ? 'file' : stat.uid === uid ? undefined : 'owner';
      if (message === undefined) continue;
      yield {
        subject: { kind: 'account', name },
        message,
        data: { name, home, uid: stat?.uid ?? '' },
        evidence: [at(location), ...(stat ? [at(stat.location, 'home')] : [])],
      };
    }
  },
};

function isMadeAtBoot(home: string, facts: FactLookup): boolean {
  return facts.get('tmpfiles').lines.some(({ path }) => path === home);
}
