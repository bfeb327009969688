/** How a unit's processes run, as `systemctl show` prints it. dbus-execute.c, dbus-kill.c of systemd 257. */

import type { LoadedUnit } from '../loaded-unit.ts';
import { formatBoolean } from '../values/boolean.ts';
import { allCapabilities } from '../values/capability.ts';
import type { LimitUnit } from '../values/resource-limit.ts';
import { infinity } from '../values/time-span.ts';
import { formatWord } from '../values/words.ts';
import {
  flagProperties,
  flagProperty,
  formatNumber,
  linesProperty,
  listProperty,
  nonEmpty,
  numberProperty,
  type PropertyRow,
  type PropertySource,
  property,
  spanProperty,
  textProperty,
} from './property.ts';
import { hasPrivateMounts } from './sandbox.ts';

/** Limits with what a unit gets if nobody says anything; undefined where only the machine knows. */
const limits: readonly (readonly [
  name: string,
  unit: LimitUnit,
  hard: string | undefined,
  soft: string | undefined,
])[] = [
  ['CPU', 'seconds', 'infinity', 'infinity'],
  ['FSIZE', 'bytes', 'infinity', 'infinity'],
  ['DATA', 'bytes', 'infinity', 'infinity'],
  ['STACK', 'bytes', 'infinity', '8388608'],
  ['CORE', 'bytes', 'infinity', '0'],
  ['RSS', 'bytes', 'infinity', 'infinity'],
  ['NOFILE', 'count', '524288', '1024'],
  ['AS', 'bytes', 'infinity', 'infinity'],
  ['NPROC', 'count', undefined, undefined],
  ['MEMLOCK', 'bytes', '8388608', '8388608'],
  ['LOCKS', 'count', 'infinity', 'infinity'],
  ['SIGPENDING', 'count', undefined, undefined],
  ['MSGQUEUE', 'bytes', '819200', '819200'],
  ['NICE', 'nice', '0', '0'],
  ['RTPRIO', 'count', '0', '0'],
  ['RTTIME', 'microseconds', 'infinity', 'infinity'],
];

const limitRows = limits.flatMap(([name, unit, hard, soft]) => {
  const key = `Limit${name}`;
  const find = ({ unit: loaded, manager }: PropertySource) =>
    loaded.ownLimit(key) ?? manager.limit(`DefaultLimit${name}`, unit);
  const show = (value: bigint | undefined, otherwise: string | undefined): string | undefined =>
    value === undefined ? otherwise : formatNumber(value);
  return [
    property(`Limit${name}`, (source) => show(find(source)?.hard, hard)),
    property(`Limit${name}Soft`, (source) => show(find(source)?.soft, soft)),
  ];
});

/** What systemd's kernel interface calls them, by number. */
const schedulers: Readonly<Record<string, string>> = { other: '0', fifo: '1', rr: '2', batch: '3', idle: '5' };

const schedulingRows: readonly PropertyRow[] = [
  property('OOMScoreAdjust', (source) =>
    numberProperty('OOMScoreAdjust', source.manager.number('DefaultOOMScoreAdjust', 0n).toString()).show(source),
  ),
  property('CoredumpFilter', ({ unit }) => `0x${(unit.ownNumber('CoredumpFilter') ?? 0x33n).toString(16)}`),
  numberProperty('Nice', '0'),
  property('IOSchedulingClass', ({ unit }) => {
    const value = unit.ownNumber('IOSchedulingClass');
    return value === undefined ? '2' : value.toString();
  }),
  numberProperty('IOSchedulingPriority', '4'),
  property('CPUSchedulingPolicy', ({ unit }) => schedulers[unit.ownText('CPUSchedulingPolicy') ?? 'other'] ?? '0'),
  property('CPUSchedulingPriority', (source) => {
    const policy = source.unit.ownText('CPUSchedulingPolicy');
    return numberProperty('CPUSchedulingPriority', policy === 'fifo' || policy === 'rr' ? '1' : '0').show(source);
  }),
  listProperty('CPUAffinity'),
  property('CPUAffinityFromNUMA', ({ unit }) => formatBoolean(unit.ownList('CPUAffinity').includes('numa'))),
  textProperty('NUMAPolicy', 'n/a'),
  listProperty('NUMAMask'),
  numberProperty('TimerSlackNSec', '50000'),
  flagProperty('CPUSchedulingResetOnFork', false),
];

function streamProperty(name: 'StandardOutput' | 'StandardError', otherwise: string): PropertyRow {
  return property(name, (source) => {
    const { unit, manager } = source;
    const own = unit.ownText(name);
    const value =
      own ??
      (name === 'StandardOutput'
        ? outputFor(source, manager.text(`Default${name}`, otherwise))
        : manager.text(`Default${name}`, otherwise));
    return value.replace(/^(file|append|truncate|fd):.*$/s, '$1').replace(/^append$/, 'append');
  });
}

/** Output of a service that reads from a terminal or socket goes back there unless it says otherwise. */
function outputFor({ unit }: PropertySource, otherwise: string): string {
  if (unit.id === '-.mount') return 'null';
  const input = unit.ownText('StandardInput') ?? 'null';
  return input === 'null' || input === 'data' || input.startsWith('file:') ? otherwise : 'inherit';
}

const streamRows: readonly PropertyRow[] = [
  property('StandardInput', ({ unit }) => (unit.ownText('StandardInput') ?? 'null').replace(/^(file|fd):.*$/s, '$1')),
  streamProperty('StandardOutput', 'journal'),
  streamProperty('StandardError', 'inherit'),
  textProperty('TTYPath'),
  ...flagProperties(false, 'TTYReset TTYVHangup TTYVTDisallocate'),
  property('SyslogPriority', ({ unit }) =>
    (facility(unit.ownNumber('SyslogFacility')) * 8n + level(unit.ownNumber('SyslogLevel'))).toString(),
  ),
  textProperty('SyslogIdentifier'),
  flagProperty('SyslogLevelPrefix', true),
  property('SyslogLevel', ({ unit }) => level(unit.ownNumber('SyslogLevel')).toString()),
  property('SyslogFacility', ({ unit }) => facility(unit.ownNumber('SyslogFacility')).toString()),
  numberProperty('LogLevelMax', '-1'),
  spanProperty('LogRateLimitIntervalUSec', 0n),
  numberProperty('LogRateLimitBurst', '0'),
  listProperty('LogExtraFields'),
  textProperty('LogNamespace'),
];

function facility(value: bigint | undefined): bigint {
  return value ?? 3n;
}

function level(value: bigint | undefined): bigint {
  return value ?? 6n;
}

const directoryNames = ['Runtime', 'State', 'Cache', 'Logs', 'Configuration'] as const;

/** `NAME:LINK` for each directory, without a link `NAME:`. */
function symlinkProperty(name: string): PropertyRow {
  return property(`${name}DirectorySymlink`, ({ unit }) =>
    nonEmpty(
      unit
        .ownList(`${name}Directory`)
        .map((item) => (item.includes(':') ? item : `${item}:`))
        .sort()
        .join('\n'),
    ),
  );
}

const directoryRows: readonly PropertyRow[] = directoryNames.flatMap((name) => [
  ...(name === 'Configuration' ? [] : [symlinkProperty(name)]),
  ...(name === 'Runtime' ? [textProperty('RuntimeDirectoryPreserve', 'no')] : []),
  textProperty(`${name}DirectoryMode`, '0755'),
  property(`${name}Directory`, ({ unit }) =>
    nonEmpty(
      [...new Set(unit.ownList(`${name}Directory`).map((item) => item.split(':')[0] ?? ''))]
        .sort()
        .map(formatWord)
        .join(' '),
    ),
  ),
]);

/** Capabilities that a sandbox setting drops from the bounding set. */
const dropped: readonly (readonly [flag: string, capabilities: readonly string[]])[] = [
  ['PrivateDevices', ['cap_mknod', 'cap_sys_rawio']],
  ['ProtectKernelModules', ['cap_sys_module']],
  ['ProtectKernelLogs', ['cap_syslog']],
  ['ProtectClock', ['cap_sys_time', 'cap_wake_alarm']],
];
const everyCapability = allCapabilities.join(' ');

const boundingSet = property('CapabilityBoundingSet', ({ unit }) => {
  const gone = dropped.flatMap(([flag, names]) => (unit.ownFlag(flag) === true ? names : []));
  const own = unit.ownValue('CapabilityBoundingSet');
  if (gone.length === 0 && own === undefined) return everyCapability;
  const list = own === undefined ? allCapabilities : unit.ownList('CapabilityBoundingSet');
  return nonEmpty(list.filter((name) => !gone.includes(name)).join(' '));
});

/** A dynamic user is called like the unit, where that can be a user's name. */
function dynamicName(unit: LoadedUnit): string | undefined {
  const { prefix } = unit.name;
  return unit.ownFlag('DynamicUser') === true && /^[a-zA-Z_][a-zA-Z0-9_-]{0,30}$/.test(prefix) ? prefix : undefined;
}

const accountRows: readonly PropertyRow[] = [
  numberProperty('SecureBits', '0'),
  boundingSet,
  listProperty('AmbientCapabilities'),
  property('User', ({ unit }) => unit.ownText('User') ?? dynamicName(unit)),
  property('Group', ({ unit }) => unit.ownText('Group') ?? dynamicName(unit)),
  flagProperty('DynamicUser', false),
  property('SetLoginEnvironment', ({ unit }) =>
    formatBoolean(
      unit.ownFlag('SetLoginEnvironment') ??
        (unit.ownText('User') !== undefined || unit.ownFlag('DynamicUser') === true),
    ),
  ),
  property('RemoveIPC', ({ unit }) =>
    formatBoolean((unit.ownFlag('RemoveIPC') ?? false) || unit.ownFlag('DynamicUser') === true),
  ),
  listProperty('ImportCredential'),
  listProperty('SupplementaryGroups'),
  textProperty('PAMName'),
];

const environmentRows: readonly PropertyRow[] = [
  listProperty('Environment'),
  linesProperty(
    'EnvironmentFiles',
    (item) => (item.startsWith('-') ? `${item.slice(1)} (ignore_errors=yes)` : `${item} (ignore_errors=no)`),
    'EnvironmentFile',
  ),
  listProperty('PassEnvironment'),
  listProperty('UnsetEnvironment'),
  textProperty('UMask', '0022'),
];

export const execProperties: readonly PropertyRow[] = [
  ...environmentRows,
  ...limitRows,
  textProperty('WorkingDirectory'),
  textProperty('RootDirectory'),
  textProperty('RootImage'),
  flagProperty('RootEphemeral', false),
  listProperty('ExtensionDirectories'),
  ...schedulingRows,
  flagProperty('NonBlocking', false),
  ...streamRows,
  ...accountRows,
  textProperty('UtmpIdentifier'),
  textProperty('UtmpMode', 'init'),
  textProperty('Personality'),
  textProperty('MountFlags'),
  ...directoryRows,
  spanProperty('TimeoutCleanUSec', infinity),
  ...['RootImagePolicy', 'MountImagePolicy', 'ExtensionImagePolicy'].map((name) => textProperty(name)),
  property(
    'KeyringMode',
    ({ unit, section }) => unit.ownText('KeyringMode') ?? (section === 'Service' ? 'private' : 'shared'),
  ),
  property('SameProcessGroup', ({ section }) => formatBoolean(section === 'Mount')),
  property('IgnoreSIGPIPE', ({ unit }) => formatBoolean(unit.ownFlag('IgnoreSIGPIPE') ?? true)),
  property('PrivateMounts', ({ unit }) => formatBoolean(hasPrivateMounts(unit))),
];

const signalNumber = (name: string, otherwise: string): PropertyRow => numberProperty(name, otherwise);

export const killProperties: readonly PropertyRow[] = [
  textProperty('KillMode', 'control-group'),
  signalNumber('KillSignal', '15'),
  property('RestartKillSignal', ({ unit }) =>
    (unit.ownNumber('RestartKillSignal') ?? unit.ownNumber('KillSignal') ?? 15n).toString(),
  ),
  signalNumber('FinalKillSignal', '9'),
  flagProperty('SendSIGKILL', true),
  flagProperty('SendSIGHUP', false),
  signalNumber('WatchdogSignal', '6'),
];
