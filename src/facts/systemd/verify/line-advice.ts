/**
 * Lines that are read and should not be there: keys and values that systemd 257 warns about or takes without effect, and keys that
 * came with a later version than the image has. load-fragment.c and the NEWS file of systemd.
 */
import type { Location } from '../../../location.ts';
import { findDirective } from '../directives/registry.ts';
import type { SystemdVersion } from '../systemd-version.ts';
import type { ParsedAssignment } from '../unit-file-parser.ts';
import { isErrnoName } from '../values/errno-name.ts';
import { simplifyPath } from '../values/exec-command.ts';
import { parseIntegerWithin } from '../values/integer.ts';
import { splitWords } from '../values/words.ts';
import { isSystemCall } from './system-calls.ts';
import type { AuditedAdvice, NewerDirective } from './unit-audit-fact.ts';

/** Keys with what to write instead; empty if the key does nothing any more. */
const obsoleteKeys: Readonly<Record<string, string>> = {
  MemoryLimit: 'MemoryMax=',
  CPUShares: 'CPUWeight=',
  StartupCPUShares: 'StartupCPUWeight=',
  BlockIOWeight: 'IOWeight=',
  StartupBlockIOWeight: 'StartupIOWeight=',
  BlockIOAccounting: 'IOAccounting=',
  BlockIODeviceWeight: 'IODeviceWeight=',
  BlockIOReadBandwidth: 'IOReadBandwidthMax=',
  BlockIOWriteBandwidth: 'IOWriteBandwidthMax=',
  RequiresOverridable: 'Requires=',
  RequisiteOverridable: 'Requisite=',
  Capabilities: '',
  SysVStartPriority: '',
  BusPolicy: '',
  NetClass: '',
  IgnoreOnSnapshot: '',
};

interface ValueRow {
  readonly keys: readonly string[];
  readonly kind: AuditedAdvice['kind'];
  /** The sentence about the value, undefined if there is nothing to say. */
  readonly advise: (value: string, key: string) => string | undefined;
}

const listeners = ['ListenStream', 'ListenDatagram', 'ListenSequentialPacket', 'ListenFIFO', 'ListenSpecial'];
const legacyDirectory = '/var/run/';

const valueRows: readonly ValueRow[] = [
  {
    keys: ['KillMode'],
    kind: 'unsafe',
    advise: (value) =>
      value === 'none'
        ? 'KillMode=none leaves processes behind that systemd does not know, and will be removed'
        : undefined,
  },
  {
    keys: ['StandardOutput', 'StandardError'],
    kind: 'obsolete',
    advise: (value, key) =>
      value === 'syslog' || value === 'syslog+console'
        ? `${key}=${value} is obsolete and read as ${value.replace('syslog', 'journal')}`
        : undefined,
  },
  {
    keys: ['PIDFile', ...listeners],
    kind: 'obsolete',
    advise: (value, key) =>
      `${simplifyPath(value)}/`.startsWith(legacyDirectory)
        ? `${key}= is below the legacy directory /var/run, read as ${simplifyPath(value).slice('/var'.length)}`
        : undefined,
  },
  {
    keys: ['User'],
    kind: 'unsafe',
    advise: (value) =>
      value === 'nobody' || value === '65534'
        ? 'User=nobody shares its files and processes with every other service that uses it'
        : undefined,
  },
];

const rowsByKey = new Map(valueRows.flatMap((row) => row.keys.map((key) => [key, row] as const)));

/** What can be said about one assignment whatever unit it is in; undefined for nearly all. */
export function adviseLine({ section, key, value }: ParsedAssignment, location: Location): AuditedAdvice | undefined {
  if (findDirective(section, key) === undefined) return undefined;
  const instead = Object.hasOwn(obsoleteKeys, key) ? obsoleteKeys[key] : undefined;
  if (instead !== undefined) {
    const message =
      instead === '' ? `${key}= has no effect any more` : `${key}= is obsolete, ${instead} takes its place`;
    return { kind: 'obsolete', message, location };
  }
  const row = rowsByKey.get(key);
  const message = row?.advise(value, key);
  return row && message !== undefined ? { kind: row.kind, message, location } : undefined;
}

/** The key, if the image's systemd does not know it yet; nothing if that version cannot be told. */
export function findNewer(
  { section, key }: ParsedAssignment,
  { major }: SystemdVersion,
  location: Location,
): NewerDirective | undefined {
  const since = findDirective(section, key)?.since;
  return major === undefined || since === undefined || since <= major ? undefined : { section, key, since, location };
}

/** Words of a system call filter that name nothing, or give an error number where there is none to give. */
export function findUnknownCalls({ section, key, value }: ParsedAssignment): readonly string[] {
  if ((key !== 'SystemCallFilter' && key !== 'SystemCallLog') || findDirective(section, key) === undefined) return [];
  const isDenyList = value.startsWith('~');
  const { words, error } = splitWords(isDenyList ? value.slice(1) : value, 'retain');
  const wrong = words.flatMap((word) => {
    const colon = word.indexOf(':');
    const call = colon < 0 ? word : word.slice(0, colon);
    const takesError = isDenyList && key === 'SystemCallFilter';
    const isWrong = colon >= 0 && !(takesError && isErrorNumber(word.slice(colon + 1)));
    if (isWrong) return [`Failed to parse error number, ignoring: ${word}`];
    if (isSystemCall(call)) return [];
    return [
      call.startsWith('@')
        ? `Unknown system call group, ignoring: ${call}`
        : `System call ${call} is not known, ignoring.`,
    ];
  });
  return error === undefined ? wrong : [...wrong, error];
}

function isErrorNumber(text: string): boolean {
  return text === 'kill' || isErrnoName(text) || parseIntegerWithin(text, 0n, 4095n) !== undefined;
}
