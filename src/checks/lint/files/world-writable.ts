/** Files anybody may change, and directories where anybody may replace what others put there. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { formatPermissions } from '../permissions.ts';

const WRITE_OTHERS = 0o002;
const STICKY = 0o1000;

export const worldWritable: LintRule = {
  id: 'files/world-writable',
  title: 'nothing can be changed by everybody',
  many: '{count} files or directories can be changed by everybody',
  why: 'Any account, and any daemon that was broken into, can plant what others run or read.',
  fix: 'Take the right away (chmod o-w); a shared directory needs the sticky bit (chmod +t).',
  references: ['CIS Debian 7.1.11', 'chmod(1)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['tree'],
  standsAlone: true,
  messages: {
    file: 'everybody may write to {path} ({mode})',
    directory: 'everybody may replace files in {path} ({mode}): it has no sticky bit',
  },
  examples: [
    {
      name: 'a configuration file and a spool',
      tree: {
        '/etc/app.conf': { text: 'x', mode: 0o666 },
        '/var/spool/app': { directory: true, mode: 0o777 },
      },
      findings: [
        ['/etc/app.conf', 'everybody may write to /etc/app.conf (0666)'],
        ['/var/spool/app', 'everybody may replace files in /var/spool/app (0777): it has no sticky bit'],
      ],
    },
    {
      name: '/tmp, devices and links',
      tree: {
        '/tmp': { directory: true, mode: 0o1777 },
        '/dev/null': { type: 'character', mode: 0o666, device: { major: 1, minor: 3 } },
        '/etc/mtab': { link: '/proc/mounts', mode: 0o777 },
      },
      findings: [],
    },
  ],
  *run(facts) {
    const { entries, readOnly } = facts.get('tree');
    for (const { path, type, mode, location } of entries) {
      if ((mode & WRITE_OTHERS) === 0 || (type !== 'file' && type !== 'directory')) continue;
      if (type === 'directory' && (mode & STICKY) !== 0) continue;
      if (readOnly.includes(location.source)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: type === 'file' ? 'file' : 'directory',
        data: { path, mode: formatPermissions(mode) },
        found: formatPermissions(mode),
        evidence: [at(location)],
      };
    }
  },
};
