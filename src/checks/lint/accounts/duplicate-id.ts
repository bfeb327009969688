/** Names and numbers that two accounts share. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

export const duplicateId: LintRule = {
  id: 'accounts/duplicate-id',
  title: 'no two accounts share a name or a number',
  many: '{count} names or numbers belong to two accounts',
  why: 'The kernel knows numbers only: both accounts own the same files and processes. Of two equal names only the first counts.',
  fix: 'Give one of them another number where it is made (useradd --uid, sysusers.d), or remove it.',
  references: ['CIS Debian 7.2.5', 'passwd(5)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'cheap',
  needs: ['accounts'],
  messages: { twice: 'the {kind} {value} is there {count} times' },
  examples: [
    {
      name: 'a second account with the number of the first, a group that is there twice',
      tree: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\na:x:1000:1000::/:/bin/sh\nb:x:1000:1001::/:/bin/sh\n',
        '/etc/group': 'root:x:0:\nx:x:100:\nx:x:101:\n',
      },
      findings: [
        ['1000', 'the uid 1000 is there 2 times'],
        ['x', 'the group name x is there 2 times'],
      ],
    },
    {
      name: 'numbers and names that differ',
      tree: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\na:x:1000:1000::/:/bin/sh\n',
        '/etc/group': 'root:x:0:\na:x:1000:\n',
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { kind, value, locations } of facts.get('accounts').duplicates)
      yield {
        subject: { kind: 'account', name: value },
        message: 'twice',
        data: { kind, value, count: locations.length },
        evidence: locations.map((location) => at(location)),
      };
  },
};
