/** Programs with file capabilities (capabilities(7)), beside those a list allows. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';

interface Options {
  readonly allow: readonly string[];
}

/** What Debian's packages give; `path=capabilities`. */
const allowed = [
  '/usr/bin/ping=cap_net_raw=ep',
  '/usr/bin/mtr-packet=cap_net_raw=ep',
  '/usr/bin/arping=cap_net_raw=ep',
  '/usr/bin/clockdiff=cap_net_raw=ep',
  '/usr/bin/dumpcap=cap_net_admin,cap_net_raw=eip',
  '/usr/lib/*/gstreamer1.0/gstreamer-1.0/gst-ptp-helper=cap_net_bind_service,cap_net_admin,cap_sys_nice=ep',
  '/run/wrappers/**',
];

/** `security.capability` of a program that gets one capability, revision 2 (linux/capability.h). */
function oneCapability(bit: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x02000001, true);
  view.setUint32(4, 1 << bit, true);
  return bytes;
}

const [SETUID, NET_RAW] = [7, 13];

export const capabilities: LintRule<Options> = {
  id: 'files/capabilities',
  title: 'only known programs have capabilities',
  many: '{count} programs have capabilities that no list allows',
  why: 'A capability such as cap_setuid or cap_sys_admin is root in all but name for everyone who may run the program.',
  fix: 'Take it away (setcap -r), or name the program in the option allow once it was looked at.',
  references: ['capabilities(7)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['tree'],
  standsAlone: true,
  options: {
    allow: {
      title: 'path patterns of programs that may have any, or path=capabilities as getcap prints',
      default: allowed,
    },
  },
  messages: { capable: '{path} has {capabilities}' },
  examples: [
    {
      name: 'an interpreter that may become anybody',
      tree: {
        '/usr/bin/python3': { text: 'x', mode: 0o755, xattrs: { 'security.capability': oneCapability(SETUID) } },
        '/usr/bin/ping': { text: 'x', mode: 0o755, xattrs: { 'security.capability': oneCapability(SETUID) } },
      },
      findings: [
        ['/usr/bin/ping', '/usr/bin/ping has cap_setuid=ep'],
        ['/usr/bin/python3', '/usr/bin/python3 has cap_setuid=ep'],
      ],
    },
    {
      name: 'ping as Debian installs it',
      tree: { '/usr/bin/ping': { text: 'x', mode: 0o755, xattrs: { 'security.capability': oneCapability(NET_RAW) } } },
      findings: [],
    },
  ],
  skip: (facts) => {
    const { entries, withoutAttributes } = facts.get('tree');
    const isHidden = withoutAttributes.includes(entries[0]?.location.source ?? '');
    return isHidden ? 'a folder does not show the capabilities of its files' : undefined;
  },
  *run(facts, { allow }) {
    for (const { path, capabilities: given, location } of facts.get('tree').entries) {
      if (given === undefined || isListed(path, allow) || isListed(`${path}=${given}`, allow)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'capable',
        data: { path, capabilities: given },
        found: given,
        evidence: [at(location)],
      };
    }
  },
};
