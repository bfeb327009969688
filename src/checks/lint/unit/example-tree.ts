/** Trees for the examples of unit rules: units in /etc/systemd/system, of which the services are started at boot. */
import type { MemoryTree } from '../../../filesystems/memory.ts';

const directory = '/etc/systemd/system';

/** `units` by file name, `files` by path. What `started` names hangs on multi-user.target. */
export function unitTree(
  units: Readonly<Record<string, string>>,
  { started = [], files = {} }: { readonly started?: readonly string[]; readonly files?: MemoryTree } = {},
): MemoryTree {
  return {
    '/usr/lib/systemd/system/default.target': { link: 'multi-user.target' },
    '/usr/lib/systemd/system/multi-user.target': '[Unit]\nDescription=Multi-User System\n',
    '/usr/lib/systemd/libsystemd-shared-257.so': '',
    '/usr/bin/true': { text: 'a program\n', mode: 0o755 },
    ...Object.fromEntries(Object.entries(units).map(([name, text]) => [`${directory}/${name}`, text])),
    ...Object.fromEntries(
      started.map((name) => [`${directory}/multi-user.target.wants/${name}`, { link: `${directory}/${name}` }]),
    ),
    ...files,
  };
}
