/** NOPASSWD for every command: the account is root without saying so. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

export const passwordlessSudo: LintRule = {
  id: 'sudo/passwordless',
  title: 'nobody becomes root by sudo without a password',
  many: '{count} lines give every command without a password',
  why: 'A program that runs as that account, or a stolen session of it, is root at once.',
  fix: 'Name the commands that are needed, or leave out NOPASSWD.',
  references: ['sudoers(5)'],
  severity: 'should',
  profiles: ['hardening'],
  cost: 'cheap',
  needs: ['sudoers'],
  messages: { all: '{who} may run everything without a password' },
  examples: [
    {
      name: 'what installers write',
      tree: {
        '/etc/sudoers': 'root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n',
        '/etc/sudoers.d/admin': '%admin ALL=(ALL) \\\n  NOPASSWD: ALL\n',
      },
      findings: [['/etc/sudoers.d/admin', '%admin may run everything without a password']],
    },
    {
      name: 'one command, and everything with a password',
      tree: { '/etc/sudoers': '%sudo ALL=(ALL:ALL) ALL\ndeploy ALL=NOPASSWD: /usr/bin/systemctl reload app\n' },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { who, text, isPasswordless, isForAll, location } of facts.get('sudoers').rules)
      if (isPasswordless && isForAll)
        yield {
          subject: { kind: 'path', name: location.path ?? '/etc/sudoers' },
          message: 'all',
          data: { who },
          evidence: [at(location, 'at', text)],
        };
  },
};
