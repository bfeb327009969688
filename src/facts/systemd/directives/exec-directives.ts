/** What [Service], [Socket], [Mount] and [Swap] say about their processes. systemd.exec(5) and systemd.kill(5), version 257. */

import { isErrnoName } from '../values/errno-name.ts';
import { parseInteger, parseIntegerWithin } from '../values/integer.ts';
import type { LimitUnit } from '../values/resource-limit.ts';
import { type DirectiveRow, directive, directives, type Kind, listOf } from './directive.ts';
import {
  binds,
  extensionImages,
  imageOptions,
  imagePolicy,
  mountedImages,
  rootHash,
  rootHashSignature,
  temporaryFileSystems,
} from './image-kinds.ts';
import { environment, environmentFiles, markedPaths, passedVariables, variableNames } from './list-kinds.ts';
import {
  account,
  accounts,
  capabilities,
  filterLines,
  ownedDirectories,
  plainDirectories,
  restrictNamespaces,
  standardInput,
  standardOutput,
  workingDirectory,
} from './process-kinds.ts';
import {
  addressFamilies,
  base64Lines,
  callArchitectures,
  cpuAffinity,
  credentialData,
  encryptedCredentialData,
  fileSystemTypes,
  importedCredentials,
  inputText,
  loadedCredentials,
  logFields,
  logNamespace,
  logPatterns,
  nodeMask,
  personality,
  schedulingPolicy,
  schedulingPriority,
} from './process-word-kinds.ts';
import {
  boolean,
  bounded,
  isAbsolutePath,
  mode,
  nanoseconds,
  oneOf,
  path,
  resourceLimit,
  scalar,
  seconds,
  signal,
  text,
  triState,
  unsigned,
  withoutEffect,
} from './scalar-kinds.ts';

/** One of a list of words by name or number; the value is the number. */
function numbered(
  what: string,
  names: string,
  options: { readonly highest?: bigint; readonly empty?: 'reset' } = {},
): Kind {
  const list = names.split(' ');
  const highest = options.highest ?? BigInt(list.length - 1);
  return scalar(what, options.empty ?? 'refuse', (value) => {
    const index = list.indexOf(value);
    return index >= 0 ? BigInt(index) : parseIntegerWithin(value, 0n, highest);
  });
}

const facilities =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp 12 13 14 15 local0 local1 local2 local3 local4 local5 local6 local7';
const levels = 'emerg alert crit err warning notice info debug';

const coredumpFilterBits: Readonly<Record<string, bigint>> = {
  'private-anonymous': 1n,
  'shared-anonymous': 2n,
  'private-file-backed': 4n,
  'shared-file-backed': 8n,
  'elf-headers': 16n,
  'private-huge': 32n,
  'shared-huge': 64n,
  'private-dax': 128n,
  'shared-dax': 256n,
  default: 0x33n,
  all: 0xffffffffn,
};
const coredumpFilter = scalar('CoredumpFilter', 'reset', (value) => {
  let bits = 0n;
  for (const word of value.split(/\s+/)) {
    const bit = Object.hasOwn(coredumpFilterBits, word)
      ? coredumpFilterBits[word]
      : parseInteger(`0x${word.replace(/^\+?(?:0x)?/, '')}`);
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
});

const secureBitValues: Readonly<Record<string, bigint>> = {
  noroot: 1n,
  'noroot-locked': 2n,
  'no-setuid-fixup': 4n,
  'no-setuid-fixup-locked': 8n,
  'keep-caps': 16n,
  'keep-caps-locked': 32n,
};
const secureBits = scalar('secure bits', 'reset', (value) => {
  let bits = 0n;
  for (const word of value.split(/\s+/))
    bits |= Object.hasOwn(secureBitValues, word) ? (secureBitValues[word] ?? 0n) : 0n;
  return bits;
});

/** `PATH:PATH`, as in a shell. */
const colonPaths: Kind = {
  accumulates: true,
  apply(current, text, { expand }) {
    if (text === '') return { effect: 'reset' };
    const paths = (expand(text) ?? '').split(':');
    const wrong = paths.find((each) => !isAbsolutePath(each));
    const value = [...listOf(current), ...paths.filter(isAbsolutePath)];
    if (wrong === undefined) return { effect: 'add', value };
    return { effect: 'add', value, warning: `path is not absolute, ignoring: ${wrong}` };
  },
};

const limits: readonly (readonly [string, LimitUnit])[] = [
  ['CPU', 'seconds'],
  ['FSIZE', 'bytes'],
  ['DATA', 'bytes'],
  ['STACK', 'bytes'],
  ['CORE', 'bytes'],
  ['RSS', 'bytes'],
  ['NOFILE', 'count'],
  ['AS', 'bytes'],
  ['NPROC', 'count'],
  ['MEMLOCK', 'bytes'],
  ['LOCKS', 'count'],
  ['SIGPENDING', 'count'],
  ['MSGQUEUE', 'bytes'],
  ['NICE', 'nice'],
  ['RTPRIO', 'count'],
  ['RTTIME', 'microseconds'],
];

const preserve = oneOf('preserve mode', 'no yes restart', { booleans: ['no', 'yes'] });
const systemCallError = scalar('error number', 'reset', (value) =>
  value === 'kill' || isErrnoName(value) ? value : parseIntegerWithin(value, 1n, 4095n)?.toString(),
);
const yesNoWords = (what: string, extra: string, yes = 'yes'): Kind =>
  oneOf(what, `no ${yes} ${extra}`, { booleans: ['no', yes] });

const sandbox: readonly DirectiveRow[] = [
  ...directives(
    boolean,
    'PrivateDevices ProtectKernelTunables ProtectKernelModules ProtectKernelLogs ProtectClock PrivateNetwork',
  ),
  ...directives(
    boolean,
    'MemoryDenyWriteExecute RestrictRealtime RestrictSUIDSGID LockPersonality NoNewPrivileges ProtectHostname',
  ),
  directive('ProtectControlGroups', yesNoWords('protect control groups', 'private strict')),
  directive('PrivateTmp', oneOf('private tmp', 'no connected disconnected', { booleans: ['no', 'connected'] })),
  directive('PrivateUsers', oneOf('private users', 'no self identity', { booleans: ['no', 'self'] })),
  directive('PrivatePIDs', oneOf('private pids', 'no yes', { booleans: ['no', 'yes'] }), { since: 257 }),
  directive('PrivateMounts', triState),
  directive('PrivateIPC', boolean, { since: 248 }),
  directive('MountAPIVFS', triState),
  directive('BindLogSockets', triState, { since: 257 }),
  directive('ProtectSystem', yesNoWords('protect system value', 'full strict')),
  directive('ProtectHome', yesNoWords('protect home value', 'read-only tmpfs')),
  directive('ProtectProc', oneOf('ProtectProc', 'default noaccess invisible ptraceable'), { since: 247 }),
  directive('ProcSubset', oneOf('ProcSubset', 'all pid'), { since: 247 }),
  directive('RestrictNamespaces', restrictNamespaces),
  directive('SystemCallFilter', filterLines),
  directive('RestrictAddressFamilies', addressFamilies),
  directive('SystemCallLog', filterLines, { since: 247 }),
  directive('RestrictFileSystems', fileSystemTypes, { since: 250 }),
  directive('SystemCallArchitectures', callArchitectures),
  directive('SystemCallErrorNumber', systemCallError),
  ...directives(markedPaths, 'ReadWritePaths ReadOnlyPaths InaccessiblePaths'),
  ...directives(markedPaths, 'ExecPaths NoExecPaths', { since: 248 }),
  directive('ReadWriteDirectories', markedPaths, { target: '.ReadWritePaths' }),
  directive('ReadOnlyDirectories', markedPaths, { target: '.ReadOnlyPaths' }),
  directive('InaccessibleDirectories', markedPaths, { target: '.InaccessiblePaths' }),
  ...directives(binds, 'BindPaths BindReadOnlyPaths'),
  directive('TemporaryFileSystem', temporaryFileSystems),
  ...directives(path(), 'NetworkNamespacePath'),
  directive('IPCNamespacePath', path(), { since: 248 }),
];

const images: readonly DirectiveRow[] = [
  directive('RootDirectory', path({ fatal: true })),
  directive('RootImage', path({ fatal: true })),
  directive('RootImageOptions', imageOptions),
  directive('MountImages', mountedImages),
  ...directives(imagePolicy, 'RootImagePolicy ExtensionImagePolicy MountImagePolicy', { since: 254 }),
  directive('RootHash', rootHash),
  directive('RootHashSignature', rootHashSignature),
  directive('RootVerity', path({ fatal: true })),
  directive('RootEphemeral', boolean, { since: 254 }),
  directive('ExtensionDirectories', markedPaths, { since: 251 }),
  directive('ExtensionImages', extensionImages, { since: 248 }),
];

const streams: readonly DirectiveRow[] = [
  directive('StandardInput', standardInput),
  ...directives(standardOutput, 'StandardOutput StandardError'),
  directive('StandardInputText', inputText),
  directive('StandardInputData', base64Lines),
  directive('TTYPath', path()),
  ...directives(boolean, 'TTYReset TTYVHangup TTYVTDisallocate SyslogLevelPrefix'),
  ...directives(bounded('TTY size', 0n, 2n ** 32n - 1n), 'TTYRows TTYColumns', { since: 250 }),
  directive('SyslogIdentifier', text),
  directive('SyslogFacility', numbered('log facility', facilities)),
  directive('SyslogLevel', numbered('log level', levels)),
  directive('LogLevelMax', numbered('log level', levels)),
  directive('LogRateLimitIntervalSec', seconds),
  directive('LogRateLimitBurst', unsigned),
  directive('LogExtraFields', logFields),
  directive('LogFilterPatterns', logPatterns, { since: 253 }),
  directive('LogNamespace', logNamespace),
];

const scheduling: readonly DirectiveRow[] = [
  directive('Nice', bounded('Nice priority', -20n, 19n)),
  directive('OOMScoreAdjust', bounded('OOM score', -1000n, 1000n)),
  directive('CoredumpFilter', coredumpFilter),
  directive(
    'IOSchedulingClass',
    numbered('IO scheduling class', 'none realtime best-effort idle', { highest: 7n, empty: 'reset' }),
  ),
  directive('IOSchedulingPriority', bounded('IO priority', 0n, 7n)),
  directive('CPUSchedulingPolicy', schedulingPolicy),
  directive('CPUSchedulingPriority', schedulingPriority),
  directive('CPUSchedulingResetOnFork', boolean),
  directive('CPUAffinity', cpuAffinity),
  directive('NUMAPolicy', oneOf('NUMA policy', 'default preferred bind interleave local', { empty: 'reset' })),
  directive('NUMAMask', nodeMask),
  directive('TimerSlackNSec', nanoseconds),
];

const ownedDirectoryRows = ['Runtime', 'State', 'Cache', 'Logs', 'Configuration'].flatMap((name) => [
  directive(`${name}Directory`, name === 'Configuration' ? plainDirectories : ownedDirectories),
  directive(`${name}DirectoryMode`, mode),
]);

export const execDirectives: readonly DirectiveRow[] = [
  directive('WorkingDirectory', workingDirectory),
  ...directives(account, 'User Group'),
  directive('SupplementaryGroups', accounts),
  directive('SetLoginEnvironment', triState, { since: 255 }),
  ...directives(boolean, 'DynamicUser RemoveIPC IgnoreSIGPIPE'),
  directive('UMask', mode),
  directive('Environment', environment),
  directive('EnvironmentFile', environmentFiles),
  directive('PassEnvironment', passedVariables),
  directive('UnsetEnvironment', variableNames),
  directive('ExecSearchPath', colonPaths, { since: 252 }),
  directive('CapabilityBoundingSet', capabilities('all')),
  directive('AmbientCapabilities', capabilities('none')),
  directive('SecureBits', secureBits),
  directive('Capabilities', withoutEffect),
  directive('KeyringMode', oneOf('keyring mode', 'inherit private shared')),
  directive('MountFlags', oneOf('mount propagation flag', 'shared slave private', { empty: 'reset' })),
  directive('Personality', personality),
  directive('RuntimeDirectoryPreserve', preserve),
  directive('TimeoutCleanSec', seconds),
  ...directives(text, 'PAMName UtmpIdentifier SELinuxContext AppArmorProfile SmackProcessLabel'),
  directive('UtmpMode', oneOf('utmp mode', 'init login user')),
  directive('SetCredential', credentialData, { since: 247 }),
  directive('LoadCredential', loadedCredentials, { since: 247 }),
  directive('SetCredentialEncrypted', encryptedCredentialData, { since: 250 }),
  directive('LoadCredentialEncrypted', loadedCredentials, { since: 250 }),
  directive('ImportCredential', importedCredentials, { since: 254 }),
  directive('MemoryKSM', triState, { since: 254 }),
  ...limits.map(([name, unit]) => directive(`Limit${name}`, resourceLimit(unit))),
  ...ownedDirectoryRows,
  ...sandbox,
  ...images,
  ...streams,
  ...scheduling,
];

export const killDirectives: readonly DirectiveRow[] = [
  ...directives(boolean, 'SendSIGKILL SendSIGHUP'),
  directive('KillMode', oneOf('kill mode', 'control-group process mixed none', { empty: 'reset' })),
  ...directives(signal, 'KillSignal RestartKillSignal FinalKillSignal WatchdogSignal'),
];
