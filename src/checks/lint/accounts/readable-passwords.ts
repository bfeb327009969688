/** Password files that others than root and the group `shadow` may read: shadow(5), gshadow(5) and the copies of passwd(1). */
import type { Table } from '../../../table.ts';
import { createTable } from '../../../table.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { formatPermissions } from '../permissions.ts';

const files = ['/etc/shadow', '/etc/gshadow', '/etc/shadow-', '/etc/gshadow-'];
/** Groups that may read them: what checks a password for an ordinary account is setgid to the latter. */
const readers: readonly string[] = ['root', 'shadow'];
const groups = 'root:x:0:\nshadow:x:42:\nstaff:x:50:\n';

export const readablePasswords: LintRule = {
  id: 'accounts/readable-passwords',
  title: 'only root and the group shadow can read the files of passwords',
  many: '{count} files of passwords can be read by others',
  why: 'Who has the hashes guesses the passwords at leisure, and every daemon that was broken into has them then.',
  fix: 'Let the image keep them root:shadow with mode 0640, as Debian makes them, or root:root with mode 0600.',
  references: ['shadow(5)', 'CIS Debian 7.1.5'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'cheap',
  needs: ['file', 'accounts'],
  messages: {
    others: 'everybody can read {path} ({mode})',
    group: 'the group {group} can read {path} ({mode})',
  },
  examples: [
    {
      name: 'a mode that a copy lost, and another group',
      tree: {
        '/etc/group': groups,
        '/etc/shadow': { text: 'root:*:20000::::::\n', mode: 0o644, gid: 42 },
        '/etc/gshadow': { text: 'root:*::\n', mode: 0o640, gid: 50 },
        '/etc/gshadow-': { text: 'root:*::\n', mode: 0o640, gid: 7 },
      },
      findings: [
        ['/etc/shadow', 'everybody can read /etc/shadow (0644)'],
        ['/etc/gshadow', 'the group staff can read /etc/gshadow (0640)'],
        ['/etc/gshadow-', 'the group 7 can read /etc/gshadow- (0640)'],
      ],
    },
    {
      name: 'as Debian and NixOS make them, and in a folder that an ordinary account unpacked',
      tree: {
        '/etc/group': groups,
        '/etc/shadow': { text: 'root:*:20000::::::\n', mode: 0o640, gid: 42 },
        '/etc/gshadow': { text: 'root:*::\n', mode: 0o600 },
        '/etc/shadow-': { text: 'root:*:20000::::::\n', mode: 0o640, uid: 1000, gid: 1000 },
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const path of files) {
      const { stat, location } = facts.get('file', path);
      if (stat?.type !== 'file') continue;
      const { mode, uid, gid } = stat;
      const group = groupNames(facts.get('accounts').groups)[gid] ?? `${gid}`;
      const isShared = uid === 0 && gid !== 0 && (mode & 0o040) !== 0 && !readers.includes(group);
      const message = (mode & 0o004) !== 0 ? 'others' : isShared ? 'group' : undefined;
      if (message === undefined) continue;
      yield {
        subject: { kind: 'path', name: path },
        message,
        data: { path, group, mode: formatPermissions(mode) },
        expected: '0640 root:shadow',
        found: `${formatPermissions(mode)} ${uid}:${gid}`,
        evidence: [at(location)],
      };
    }
  },
};

/** The first name of each id counts. */
function groupNames(all: readonly { readonly name: string; readonly gid: number }[]): Table<string> {
  return createTable([...all].reverse().map(({ name, gid }) => [String(gid), name]));
}
