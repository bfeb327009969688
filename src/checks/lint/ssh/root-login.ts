/** PermitRootLogin: the password of root is guessed over the network. */
import type { LintRule } from '../lint-rule.ts';
import { findAllowed } from './find-allowed.ts';

export const sshRootLogin: LintRule = {
  id: 'ssh/root-login',
  title: 'root cannot log in over SSH with a password',
  many: '{count} settings let root log in over SSH with a password',
  why: 'The name root is known everywhere: only its password stands between the network and the machine.',
  fix: 'Set PermitRootLogin prohibit-password (the default) or no.',
  references: ['sshd_config(5)', 'CIS Debian 5.1.20'],
  severity: 'should',
  profiles: ['hardening'],
  cost: 'cheap',
  needs: ['sshd'],
  messages: { allowed: 'PermitRootLogin is {value}', matched: 'PermitRootLogin is {value} for {condition}' },
  examples: [
    {
      name: 'for everybody, and from one network',
      tree: { '/etc/ssh/sshd_config': 'PermitRootLogin yes\nMatch Address 10.0.0.0/8\n PermitRootLogin=yes\n' },
      findings: [
        ['/etc/ssh/sshd_config', 'PermitRootLogin is yes'],
        ['/etc/ssh/sshd_config', 'PermitRootLogin is yes for Address 10.0.0.0/8'],
      ],
    },
    {
      name: 'with a key only',
      tree: { '/etc/ssh/sshd_config': '#PermitRootLogin yes\nPermitRootLogin prohibit-password\n' },
      findings: [],
    },
  ],
  run: (facts) => findAllowed(facts.get('sshd'), 'permitrootlogin', ['yes']),
};
