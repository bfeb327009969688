/** Accounts whose login shell is not in the image, or cannot be run. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isMadeAtRunTime } from '../made-at-run-time.ts';
import { hasShell, shellOf } from './login-accounts.ts';

export const missingShell: LintRule = {
  id: 'accounts/missing-shell',
  title: 'the shell of every account is there',
  many: '{count} accounts have a shell that is not there',
  why: 'Nobody can log in as that account, nor can su and SSH run a command as it.',
  fix: 'Install the package of the shell, or give the account another (usermod --shell).',
  references: ['passwd(5)', 'login(1)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'cheap',
  needs: ['accounts', 'file'],
  messages: {
    missing: 'the shell {shell} of {name} is not there',
    refused: 'the shell {shell} of {name} cannot be run',
  },
  examples: [
    {
      name: 'a shell that was not installed, and one without its permission',
      tree: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/zsh\na:x:1000:1000::/:/bin/sh\n',
        '/bin/sh': 'x',
      },
      findings: [
        ['root', 'the shell /bin/zsh of root is not there'],
        ['a', 'the shell /bin/sh of a cannot be run'],
      ],
    },
    {
      name: 'accounts that nobody logs in to',
      tree: {
        '/etc/passwd': 'root:x:0:0::/root:\nwww:x:33:33::/:/usr/sbin/nologin\n',
        '/bin/sh': { text: 'x', mode: 0o755 },
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const account of facts.get('accounts').users) {
      const { name, location } = account;
      const shell = shellOf(account);
      if (!hasShell(account) || isMadeAtRunTime(shell)) continue;
      const { state, stat } = facts.get('file', shell);
      if (state === 'unreadable' || (stat?.type === 'file' && (stat.mode & 0o111) !== 0)) continue;
      yield {
        subject: { kind: 'account', name },
        message: state === 'missing' ? 'missing' : 'refused',
        data: { name, shell },
        evidence: [at(location)],
      };
    }
  },
};
