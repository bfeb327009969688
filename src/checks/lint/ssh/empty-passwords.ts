/** PermitEmptyPasswords: whoever knows a name is in. */
import type { LintRule } from '../lint-rule.ts';
import { findAllowed } from './find-allowed.ts';

export const sshEmptyPasswords: LintRule = {
  id: 'ssh/empty-passwords',
  title: 'nobody gets in over SSH without a password or key',
  many: '{count} settings let people in over SSH without a password',
  why: 'Together with an account whose password is empty anyone who reaches the port is logged in.',
  fix: 'Set PermitEmptyPasswords no, or leave it out.',
  references: ['sshd_config(5)', 'CIS Debian 5.1.19'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'cheap',
  needs: ['sshd'],
  messages: {
    allowed: 'PermitEmptyPasswords is {value}',
    matched: 'PermitEmptyPasswords is {value} for {condition}',
  },
  examples: [
    {
      name: 'for everybody, and for one user',
      tree: { '/etc/ssh/sshd_config': 'PermitEmptyPasswords yes\nMatch User guest\n  PermitEmptyPasswords yes\n' },
      findings: [
        ['/etc/ssh/sshd_config', 'PermitEmptyPasswords is yes'],
        ['/etc/ssh/sshd_config', 'PermitEmptyPasswords is yes for User guest'],
      ],
    },
    {
      name: 'the first value counts',
      tree: {
        '/etc/ssh/sshd_config': 'Include sshd_config.d/*.conf\nPermitEmptyPasswords yes\n',
        '/etc/ssh/sshd_config.d/a.conf': 'permitemptypasswords no\n',
      },
      findings: [],
    },
  ],
  run: (facts) => findAllowed(facts.get('sshd'), 'permitemptypasswords', ['yes']),
};
