/** Files whose owner or group is no account of the image. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

const passwd = 'root:x:0:0::/root:/bin/sh\nadmin:x:1000:1000::/home/admin:/bin/sh\n';
const group = 'root:x:0:\nadmin:x:1000:\n';

export const unownedFiles: LintRule = {
  id: 'files/unowned',
  title: 'every file belongs to a user and a group of the image',
  many: '{count} files belong to nobody the image knows',
  why: 'The number is that of whoever built the image; the next account that is made may get it, and the files with it.',
  fix: 'Give the files an owner where they are installed (install -o, chown), or make the account.',
  references: ['CIS Debian 7.1.12'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['tree', 'accounts'],
  messages: {
    user: '{path} belongs to user {uid}, whom the image does not know',
    group: '{path} belongs to group {gid}, which the image does not know',
  },
  examples: [
    {
      name: 'files of the builder',
      tree: {
        '/etc/passwd': passwd,
        '/etc/group': group,
        '/opt/app/bin': { text: 'x', uid: 30001, gid: 30001 },
        '/opt/app/etc': { text: 'x', gid: 30001 },
      },
      findings: [
        ['/opt/app/bin', '/opt/app/bin belongs to user 30001, whom the image does not know'],
        ['/opt/app/etc', '/opt/app/etc belongs to group 30001, which the image does not know'],
      ],
    },
    {
      name: 'files of an account, and of one that is made at boot',
      tree: {
        '/etc/passwd': passwd,
        '/etc/group': group,
        '/usr/lib/sysusers.d/app.conf': 'u app 900 -\n',
        '/home/admin/x': { text: 'x', uid: 1000, gid: 1000 },
        '/var/lib/app': { directory: true, uid: 900, gid: 900 },
      },
      findings: [],
    },
  ],
  skip: (facts) => {
    if (facts.get('accounts').users.length === 0) return 'the image has no accounts yet';
    const [root] = facts.get('tree').entries;
    return root && root.uid !== 0 ? `the whole tree belongs to user ${root.uid}` : undefined;
  },
  *run(facts) {
    const { users, groups } = facts.get('accounts');
    const uids = new Set(users.map(({ uid }) => uid));
    const gids = new Set(groups.map(({ gid }) => gid));
    for (const { path, uid, gid, location } of facts.get('tree').entries) {
      const isKnownUser = uids.has(uid);
      if (isKnownUser && gids.has(gid)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: isKnownUser ? 'group' : 'user',
        data: { path, uid, gid },
        found: `${uid}:${gid}`,
        evidence: [at(location)],
      };
    }
  },
};
