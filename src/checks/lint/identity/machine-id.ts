/** A machine id in the image: every machine made from it would have the same (machine-id(5)). */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

const files = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

export const machineId: LintRule = {
  id: 'identity/machine-id',
  title: 'the image has no machine id of its own',
  many: '{count} machine ids are in the image',
  why: 'All machines made from the image share it: equal DHCP identities and addresses, mixed journals, equal k3s node ids.',
  fix: 'Write the word uninitialized into /etc/machine-id at the end of the image build, and remove /var/lib/dbus/machine-id.',
  references: ['machine-id(5), initialization'],
  severity: 'should',
  profiles: ['default', 'reproducible'],
  cost: 'cheap',
  needs: ['text', 'file'],
  standsAlone: true,
  messages: { baked: '{path} holds a machine id' },
  examples: [
    {
      name: 'ids of the build',
      tree: {
        '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
        '/var/lib/dbus/machine-id': '0123456789abcdef0123456789abcdef\n',
      },
      findings: [
        ['/etc/machine-id', '/etc/machine-id holds a machine id'],
        ['/var/lib/dbus/machine-id', '/var/lib/dbus/machine-id holds a machine id'],
      ],
    },
    {
      name: 'to be made at boot',
      tree: { '/etc/machine-id': 'uninitialized\n', '/var/lib/dbus/machine-id': { link: '/etc/machine-id' } },
      findings: [],
    },
  ],
  *run(facts) {
    for (const path of files) {
      if (facts.get('file', path).link) continue;
      const { text = '', location } = facts.get('text', path);
      if (!/^[0-9a-f]{32}\s*$/i.test(text)) continue;
      yield { subject: { kind: 'path', name: path }, message: 'baked', data: { path }, evidence: [at(location)] };
    }
  },
};
