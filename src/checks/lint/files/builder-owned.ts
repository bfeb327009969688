/** Files of the system that belong to a person's account: what a build forgot to give to root. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

/** Debian Policy 9.2.2: people have 1000 to 59999, nobody is 65534. */
const FIRST_PERSON = 1000;
const LAST_PERSON = 59_999;

/** Where only root and system accounts own files. */
const systemFolders = ['/boot', '/etc', '/usr', '/nix/store', '/opt', '/var/lib/dpkg'];

export const builderOwned: LintRule = {
  id: 'files/builder-owned',
  title: 'files of the system belong to root or to a system account',
  many: '{count} files of the system belong to a person’s account',
  why: 'Whoever has that account, or gets its number, can change what root runs: it is mostly the account of the build machine.',
  fix: 'Install the files as root (cp --no-preserve=ownership, chown root:root), or build under fakeroot.',
  references: ['Debian Policy 9.2.2', 'Debian Policy 10.9'],
  severity: 'should',
  profiles: ['default', 'hardening', 'reproducible'],
  cost: 'walk',
  needs: ['tree'],
  standsAlone: true,
  messages: {
    owner: '{path} belongs to {uid}:{gid}, a person’s number',
    whole: 'the root directory belongs to user {uid}: the tree was packed without its owners',
  },
  examples: [
    {
      name: 'a tree that was copied with its owner',
      tree: { '/usr/bin/tool': { text: 'x', uid: 1000, gid: 1000 }, '/etc/tool.conf': { text: 'x', gid: 1000 } },
      findings: [
        ['/etc/tool.conf', '/etc/tool.conf belongs to 0:1000, a person’s number'],
        ['/usr/bin/tool', '/usr/bin/tool belongs to 1000:1000, a person’s number'],
      ],
    },
    {
      name: 'a tree that was packed by an ordinary user',
      tree: { '/': { directory: true, uid: 1000, gid: 1000 }, '/usr/bin/tool': { text: 'x', uid: 1000, gid: 1000 } },
      findings: [['/', 'the root directory belongs to user 1000: the tree was packed without its owners']],
    },
    {
      name: 'a home, and a file of a daemon',
      tree: {
        '/home/admin/x': { text: 'x', uid: 1000, gid: 1000 },
        '/etc/daemon.conf': { text: 'x', gid: 101 },
      },
      findings: [],
    },
  ],
  skip: (facts) => {
    const { entries, withoutAttributes } = facts.get('tree');
    const [root] = entries;
    const isForeign = root && root.uid !== 0 && withoutAttributes.includes(root.location.source);
    return isForeign ? 'the owners of a folder are those of this machine' : undefined;
  },
  *run(facts) {
    const { entries } = facts.get('tree');
    const [root] = entries;
    if (root && root.uid !== 0) {
      const data = { uid: root.uid };
      yield { subject: { kind: 'path', name: '/' }, message: 'whole', data, evidence: [at(root.location)] };
      return;
    }
    for (const { path, uid, gid, location } of entries) {
      if (!isPerson(uid) && !isPerson(gid)) continue;
      if (!systemFolders.some((folder) => path.startsWith(`${folder}/`))) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'owner',
        data: { path, uid, gid },
        found: `${uid}:${gid}`,
        evidence: [at(location)],
      };
    }
  },
};

const isPerson = (id: number): boolean => id >= FIRST_PERSON && id <= LAST_PERSON;
