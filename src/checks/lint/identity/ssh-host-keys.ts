/** Private host keys of the SSH server in the image. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

const folder = '/etc/ssh';
const keyName = /^ssh_host_.*key$/;

export const sshHostKeys: LintRule = {
  id: 'identity/ssh-host-keys',
  title: 'the image has no SSH host keys',
  many: '{count} SSH host keys are in the image',
  why: 'Whoever has the image has the private keys of every machine made from it, and can pose as any of them.',
  fix: 'Remove /etc/ssh/ssh_host_*_key* at the end of the image build, and let the machine make its own (sshd-regen-keys).',
  references: ['sshd(8), HostKey'],
  severity: 'should',
  profiles: ['default', 'hardening', 'reproducible'],
  cost: 'cheap',
  needs: ['directory', 'file'],
  standsAlone: true,
  messages: { key: '{path} is a private host key' },
  examples: [
    {
      name: 'the keys that the package made while it was installed',
      tree: {
        '/etc/ssh/ssh_host_ed25519_key': { text: '-----BEGIN OPENSSH PRIVATE KEY-----\n', mode: 0o600 },
        '/etc/ssh/ssh_host_ed25519_key.pub': 'ssh-ed25519 AAAA root@build\n',
      },
      findings: [['/etc/ssh/ssh_host_ed25519_key', '/etc/ssh/ssh_host_ed25519_key is a private host key']],
    },
    {
      name: 'only configuration, and a key that is yet empty',
      tree: { '/etc/ssh/sshd_config': 'UsePAM yes\n', '/etc/ssh/ssh_host_rsa_key': '' },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { name, location } of facts.get('directory', folder).entries) {
      const path = `${folder}/${name}`;
      if (!keyName.test(name) || (facts.get('file', path).stat?.size ?? 0) === 0) continue;
      yield { subject: { kind: 'path', name: path }, message: 'key', data: { path }, evidence: [at(location)] };
    }
  },
};
