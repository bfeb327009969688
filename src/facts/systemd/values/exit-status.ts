/** Exit statuses by number or name. exit-status.c: the C library's, the init scripts', BSD's and systemd's own. */
import { parseIntegerWithin } from './integer.ts';

const named: Readonly<Record<string, number>> = {
  SUCCESS: 0,
  FAILURE: 1,
  INVALIDARGUMENT: 2,
  NOTIMPLEMENTED: 3,
  NOPERMISSION: 4,
  NOTINSTALLED: 5,
  NOTCONFIGURED: 6,
  NOTRUNNING: 7,
  USAGE: 64,
  DATAERR: 65,
  NOINPUT: 66,
  NOUSER: 67,
  NOHOST: 68,
  UNAVAILABLE: 69,
  SOFTWARE: 70,
  OSERR: 71,
  OSFILE: 72,
  CANTCREAT: 73,
  IOERR: 74,
  TEMPFAIL: 75,
  PROTOCOL: 76,
  NOPERM: 77,
  CONFIG: 78,
};

/** systemd's own, numbered from 200. */
const own = [
  'CHDIR NICE FDS EXEC MEMORY LIMITS OOM_ADJUST SIGNAL_MASK STDIN STDOUT CHROOT IOPRIO TIMERSLACK SECUREBITS',
  'SETSCHEDULER CPUAFFINITY GROUP USER CAPABILITIES CGROUP SETSID CONFIRM STDERR _ PAM NETWORK NAMESPACE',
  'NO_NEW_PRIVILEGES SECCOMP SELINUX_CONTEXT PERSONALITY APPARMOR_PROFILE ADDRESS_FAMILIES RUNTIME_DIRECTORY',
  'MAKE_STARTER CHOWN SMACK_PROCESS_LABEL KEYRING STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY',
  'CONFIGURATION_DIRECTORY NUMA_POLICY CREDENTIALS BPF',
]
  .join(' ')
  .split(' ');

/** 0..255, or undefined. */
export function parseExitStatus(text: string): number | undefined {
  const number = parseIntegerWithin(text, 0n, 255n);
  if (number !== undefined) return Number(number);
  if (Object.hasOwn(named, text)) return named[text];
  const index = own.indexOf(text);
  return index < 0 || text === '_' ? undefined : 200 + index;
}
