/** Files of sudo that it does not use: passed over for their names, or refused for their permissions. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { formatPermissions } from '../permissions.ts';

/** What dpkg leaves beside a changed file is meant to be passed over. */
const leftByPackaging = /\.dpkg-(?:old|new|dist|tmp|bak)$/;

export const unusedSudoers: LintRule = {
  id: 'sudo/unused-file',
  title: 'sudo uses every file it is given',
  many: '{count} files are not used by sudo',
  why: 'The rights in the file do not exist, or sudo refuses to run at all until its permissions are right.',
  fix: 'Name the file without a dot or ~, owned by root with mode 0440.',
  references: ['sudoers(5), @includedir'],
  severity: 'should',
  profiles: ['default'],
  cost: 'cheap',
  needs: ['sudoers', 'file'],
  messages: {
    name: '{path} is passed over: its name has a dot or ends in ~',
    mode: 'sudo refuses {path}: everybody may write to it ({mode})',
    owner: 'sudo refuses {path}: it belongs to user {uid}',
  },
  examples: [
    {
      name: 'a suffix, permissions, an owner',
      tree: {
        '/etc/sudoers': '#includedir /etc/sudoers.d\n',
        '/etc/sudoers.d/admin.conf': 'admin ALL=ALL\n',
        '/etc/sudoers.d/deploy': { text: 'deploy ALL=ALL\n', mode: 0o666 },
        '/etc/sudoers.d/other': { text: 'other ALL=ALL\n', mode: 0o440, uid: 1000 },
      },
      findings: [
        ['/etc/sudoers.d/admin.conf', '/etc/sudoers.d/admin.conf is passed over: its name has a dot or ends in ~'],
        ['/etc/sudoers.d/deploy', 'sudo refuses /etc/sudoers.d/deploy: everybody may write to it (0666)'],
        ['/etc/sudoers.d/other', 'sudo refuses /etc/sudoers.d/other: it belongs to user 1000'],
      ],
    },
    {
      name: 'as packages install them',
      tree: {
        '/etc/sudoers': { text: '@includedir /etc/sudoers.d\n', mode: 0o440 },
        '/etc/sudoers.d/README': { text: '#\n', mode: 0o440 },
        '/etc/sudoers.d/admin.dpkg-old': 'x',
      },
      findings: [],
    },
  ],
  *run(facts) {
    const { files, ignored } = facts.get('sudoers');
    for (const { path, location } of ignored) {
      if (leftByPackaging.test(path)) continue;
      yield { subject: { kind: 'path', name: path }, message: 'name', data: { path }, evidence: [at(location)] };
    }
    for (const { path, location } of files) {
      const { stat } = facts.get('file', path);
      if (!stat) continue;
      const message = stat.uid !== 0 ? 'owner' : (stat.mode & 0o002) !== 0 ? 'mode' : undefined;
      if (message === undefined) continue;
      const data = { path, mode: formatPermissions(stat.mode), uid: stat.uid };
      yield { subject: { kind: 'path', name: path }, message, data, evidence: [at(location)] };
    }
  },
};
