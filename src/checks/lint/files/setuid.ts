/** Programs that run as their owner or group (setuid, setgid), beside those a list allows. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { formatPermissions } from '../permissions.ts';

interface Options {
  readonly allow: readonly string[];
}

const SETUID = 0o4000;
const SETGID = 0o2000;

/** What Debian's packages of a base system, of networking, mail and sudo install so. */
const allowed = [
  ...['chage', 'chfn', 'chsh', 'crontab', 'expiry', 'fusermount', 'fusermount3', 'gpasswd', 'mount', 'newgidmap'],
  ...['newgrp', 'newuidmap', 'ntfs-3g', 'passwd', 'pkexec', 'ssh-agent', 'su', 'sudo', 'umount', 'wall', 'write.ul'],
].map((name) => `/usr/bin/${name}`);

const allowedElsewhere = [
  '/usr/sbin/mount.cifs',
  '/usr/sbin/mount.nfs',
  '/usr/sbin/pam_extrausers_chkpwd',
  '/usr/sbin/unix_chkpwd',
  '/usr/lib/dbus-1.0/dbus-daemon-launch-helper',
  '/usr/lib/openssh/ssh-keysign',
  '/usr/lib/polkit-1/polkit-agent-helper-1',
  '/usr/lib/*/utempter/utempter',
  '/usr/libexec/polkit-agent-helper-1',
  '/usr/libexec/utempter/utempter',
  '/run/wrappers/**',
];

export const setuid: LintRule<Options> = {
  id: 'files/setuid',
  title: 'only known programs are setuid or setgid',
  many: '{count} programs that no list allows are setuid or setgid',
  why: 'A mistake in such a program gives its owner’s rights to everyone who may run it.',
  fix: 'Take the bit away (chmod u-s,g-s), or name the program in the option allow once it was looked at.',
  references: ['CIS Debian 7.1.13', 'execve(2)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['tree'],
  standsAlone: true,
  options: { allow: { title: 'path patterns of programs that may be', default: [...allowed, ...allowedElsewhere] } },
  messages: { setuid: '{path} runs as user {uid} ({mode})', setgid: '{path} runs as group {gid} ({mode})' },
  examples: [
    {
      name: 'a helper of a vendor package',
      tree: {
        '/opt/vendor/helper': { text: 'x', mode: 0o4755 },
        '/opt/vendor/games': { text: 'x', mode: 0o2755, gid: 60 },
      },
      findings: [
        ['/opt/vendor/games', '/opt/vendor/games runs as group 60 (2755)'],
        ['/opt/vendor/helper', '/opt/vendor/helper runs as user 0 (4755)'],
      ],
    },
    {
      name: 'programs of the base system, a program nobody can run so, a directory',
      tree: {
        '/usr/bin/su': { text: 'x', mode: 0o4755 },
        '/usr/lib/x86_64-linux-gnu/utempter/utempter': { text: 'x', mode: 0o2755, gid: 43 },
        '/srv/data': { text: 'x', mode: 0o4644 },
        '/var/mail': { directory: true, mode: 0o2775, gid: 8 },
      },
      findings: [],
    },
    {
      name: 'a list of one’s own',
      tree: { '/opt/vendor/helper': { text: 'x', mode: 0o4755 } },
      options: { allow: ['/opt/vendor/*'] },
      findings: [],
    },
  ],
  *run(facts, { allow }) {
    for (const { path, type, mode, uid, gid, location } of facts.get('tree').entries) {
      if (type !== 'file' || !isEffective(mode) || isListed(path, allow)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: (mode & SETUID) !== 0 ? 'setuid' : 'setgid',
        data: { path, uid, gid, mode: formatPermissions(mode) },
        found: `${formatPermissions(mode)} ${uid}:${gid}`,
        evidence: [at(location)],
      };
    }
  },
};

/** The bits do something only where the file can be run; setgid without group execution marked locking once. */
function isEffective(mode: number): boolean {
  return ((mode & SETUID) !== 0 && (mode & 0o111) !== 0) || ((mode & SETGID) !== 0 && (mode & 0o010) !== 0);
}
