/** PasswordAuthentication: on unless somebody turns it off. */
import type { LintRule } from '../lint-rule.ts';
import { findAllowed } from './find-allowed.ts';

export const sshPasswordLogin: LintRule = {
  id: 'ssh/password-login',
  title: 'passwords do not open SSH, keys do',
  many: '{count} settings let people log in over SSH with a password',
  why: 'Passwords are guessed day and night on every port 22 that can be reached.',
  fix: 'Set PasswordAuthentication no in /etc/ssh/sshd_config.d/, and provision keys.',
  references: ['sshd_config(5)'],
  severity: 'should',
  profiles: ['hardening'],
  cost: 'cheap',
  needs: ['sshd'],
  messages: {
    allowed: 'PasswordAuthentication is {value}',
    matched: 'PasswordAuthentication is {value} for {condition}',
    unset: 'PasswordAuthentication is not set: the default is {value}',
  },
  examples: [
    {
      name: 'the default, and an exception',
      tree: { '/etc/ssh/sshd_config': 'UsePAM yes\nMatch User admin\nPasswordAuthentication yes\n' },
      findings: [
        ['/etc/ssh/sshd_config', 'PasswordAuthentication is not set: the default is yes'],
        ['/etc/ssh/sshd_config', 'PasswordAuthentication is yes for User admin'],
      ],
    },
    {
      name: 'said so',
      tree: { '/etc/ssh/sshd_config': 'PasswordAuthentication yes\n' },
      findings: [['/etc/ssh/sshd_config', 'PasswordAuthentication is yes']],
    },
    { name: 'off', tree: { '/etc/ssh/sshd_config': 'PasswordAuthentication "no"\n' }, findings: [] },
  ],
  run: (facts) => findAllowed(facts.get('sshd'), 'passwordauthentication', ['yes'], 'yes'),
};
