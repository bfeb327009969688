/**
 * `sysctl.KEY=VALUE` on the kernel command line, and the older parameters the kernel treats as such (fs/proc/proc_sysctl.c,
 * process_sysctl_arg). The kernel sets them before it starts init; here every dot is a separator.
 */
import type { Location } from '../../location.ts';
import { parseCommandLine } from '../kernel/command-line.ts';
import type { SysctlLine } from './sysctl-file.ts';

/** sysctl_aliases of the kernel. */
const olderNames: Readonly<Record<string, string>> = {
  hardlockup_all_cpu_backtrace: 'kernel.hardlockup_all_cpu_backtrace',
  hung_task_panic: 'kernel.hung_task_panic',
  numa_zonelist_order: 'vm.numa_zonelist_order',
  softlockup_all_cpu_backtrace: 'kernel.softlockup_all_cpu_backtrace',
};

/** The assignments of a command line, in order. */
export function parseSysctlParameters(text: string, location: Location): readonly SysctlLine[] {
  const lines: SysctlLine[] = [];
  for (const { key, value } of parseCommandLine(text)) {
    const name = /^sysctl[./](.+)$/.exec(key)?.[1] ?? (Object.hasOwn(olderNames, key) ? olderNames[key] : undefined);
    if (name === undefined || value === undefined || value === '') continue;
    const path = name.replaceAll('.', '/');
    lines.push({ path, value, assignment: { key: name, value, location, optional: false, from: 'command line' } });
  }
  return lines;
}
