/**
 * Programs without the setuid or setgid bit that their package asked dpkg for: dpkg-statoverride(1), `user group mode path` a line. Other
 * packages have their modes in the archive, of which the image keeps nothing.
 */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { formatPermissions } from '../permissions.ts';

const list = '/var/lib/dpkg/statoverride';
const helper = '/usr/lib/dbus-1.0/dbus-daemon-launch-helper';
const SPECIAL = 0o6000;

export const lostSetuid: LintRule = {
  id: 'packages/lost-setuid',
  title: 'programs are setuid where their package made them so',
  many: '{count} programs lost the bit that makes them setuid or setgid',
  why: 'What the program does for ordinary accounts fails; chown and many copies take the bit away, from every program alike.',
  fix: 'Copy the tree as root with its modes (tar -p, cp -a), and run no chown over it afterwards.',
  references: ['dpkg-statoverride(1)', 'chown(2)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'cheap',
  needs: ['text', 'file', 'accounts'],
  messages: { lost: '{path} has mode {mode}, {wanted} was asked for' },
  examples: [
    {
      name: 'a helper of dbus after a chown',
      tree: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
        [list]: `root messagebus 4754 ${helper}\n`,
        [helper]: { text: 'x', mode: 0o754 },
      },
      findings: [[helper, `${helper} has mode 0754, 4754 was asked for`]],
    },
    {
      name: 'with its bit, not there, of another owner, without such a bit',
      tree: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
        [list]: `root messagebus 4754 ${helper}\nroot root 4755 /usr/bin/gone\n#0 #0 4755 /usr/bin/mine\nroot root 0700 /usr/bin/tool\n`,
        [helper]: { text: 'x', mode: 0o4754, gid: 101 },
        '/usr/bin/mine': { text: 'x', mode: 0o755, uid: 1000 },
        '/usr/bin/tool': { text: 'x', mode: 0o755 },
      },
      findings: [],
    },
    { name: 'no list', tree: {}, findings: [] },
  ],
  *run(facts) {
    const { text = '', location: place } = facts.get('text', list);
    for (const [i, line] of text.split('\n').entries()) {
      const { user, wanted, path } = parseOverride(line) ?? { user: '', wanted: 0, path: '' };
      if ((wanted & SPECIAL) === 0) continue;
      const { stat, location } = facts.get('file', path);
      if (stat?.type !== 'file' || (wanted & SPECIAL & ~stat.mode) === 0) continue;
      // A folder that an ordinary account unpacked has neither owners nor bits.
      const owner = /^#[0-9]+$/.test(user) ? Number(user.slice(1)) : findUser(facts.get('accounts').users, user);
      if (owner !== stat.uid) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'lost',
        data: { path, mode: formatPermissions(stat.mode), wanted: formatPermissions(wanted) },
        expected: formatPermissions(wanted),
        found: formatPermissions(stat.mode),
        evidence: [at(location), at({ ...place, line: i + 1 }, 'asked for by', line)],
      };
    }
  },
};

function parseOverride(
  line: string,
): { readonly user: string; readonly wanted: number; readonly path: string } | undefined {
  const [, user = '', mode = '', path = ''] = /^(\S+) \S+ ([0-7]{1,5}) (\/.*)$/.exec(line) ?? [];
  return path === '' ? undefined : { user, wanted: Number.parseInt(mode, 8), path };
}

function findUser(users: readonly { readonly name: string; readonly uid: number }[], name: string): number | undefined {
  return users.find((one) => one.name === name)?.uid;
}
