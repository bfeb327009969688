/** What systemd adds to a loaded unit by its type and settings. The *_add_default_dependencies() functions of its unit types. */
import type { DependencyKind } from './dependencies.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { isPerpetual } from './perpetual.ts';
import { privateTmp } from './private-tmp.ts';
import { isApiMount, sliceOf } from './properties/slice.ts';
import { triggeredUnits } from './triggers.ts';
import { escapePath, escapeUnitName } from './unit-name.ts';
import { serviceType } from './verify-unit.ts';

export type Dependency = readonly [kind: DependencyKind, unit: string];

function both(first: DependencyKind, second: DependencyKind, unit: string): readonly Dependency[] {
  return [
    [first, unit],
    [second, unit],
  ];
}

const shutdown = both('Before', 'Conflicts', 'shutdown.target');

/** Every implied dependency of a unit except those that depend on other units (mounts, targets). */
export function implicitDependencies(unit: LoadedUnit): readonly Dependency[] {
  const slice = sliceOf(unit);
  return [
    ...(slice === undefined ? [] : both('After', 'Requires', slice)),
    ...(usesDefaults(unit) ? defaultDependencies(unit) : []),
    ...processDependencies(unit),
    ...typeDependencies(unit),
    ...outOfMemoryDependencies(unit),
  ];
}

/** DefaultDependencies= as it is in effect. */
export function usesDefaults(unit: LoadedUnit): boolean {
  return unit.flag('Unit.DefaultDependencies') ?? !isPerpetual(unit.name);
}

const started = both('After', 'Requires', 'sysinit.target');

function defaultDependencies(unit: LoadedUnit): readonly Dependency[] {
  switch (unit.name.type) {
    case 'service':
      return [...started, ['After', 'basic.target'], ...shutdown];
    case 'socket':
      return [['Before', 'sockets.target'], ...started, ...shutdown];
    case 'timer':
      return [['Before', 'timers.target'], ...started, ...clockDependencies(unit), ...shutdown];
    case 'path':
      return [['Before', 'paths.target'], ...started, ...shutdown];
    case 'target':
    case 'slice':
    case 'scope':
      return shutdown;
    case 'mount':
      return isApiMount(unit) ? [] : mountDependencies(unit);
    case 'automount':
      return [
        ['After', 'local-fs-pre.target'],
        ['Before', 'local-fs.target'],
        ...both('Before', 'Conflicts', 'umount.target'),
      ];
    case 'swap':
      return swapDependencies(unit);
    default:
      return [];
  }
}

function clockDependencies(unit: LoadedUnit): readonly Dependency[] {
  if (!unit.list('Timer.Elapse').some((item) => item.startsWith('OnCalendar='))) return [];
  return [
    ['After', 'time-sync.target'],
    ['After', 'time-set.target'],
  ];
}

const networkTypes =
  /^(?:afs|ceph|cifs|glusterfs|gfs2?|lustre|ncp|ncpfs|nfs4?|ocfs2|orangefs|pvfs2|smb3|smbfs|sshfs|fuse\.(?:davfs|glusterfs|lustre|s3fs|sshfs))$/;

/** Whether a mount needs the network: by its type, or by `_netdev`. */
export function isNetworkMount(type: string | undefined, options: string | undefined): boolean {
  return networkTypes.test(type ?? '') || (options ?? '').split(',').includes('_netdev');
}

function mountDependencies(unit: LoadedUnit): readonly Dependency[] {
  const type = unit.text('Mount.Type');
  const options = unit.text('Mount.Options');
  const words = (options ?? '').split(',');
  const network = isNetworkMount(type, options);
  const result: Dependency[] = [['After', network ? 'remote-fs-pre.target' : 'local-fs-pre.target']];
  if (!words.includes('nofail')) result.push(['Before', network ? 'remote-fs.target' : 'local-fs.target']);
  result.push(...both('Before', 'Conflicts', 'umount.target'));
  if (type === 'tmpfs') result.push(['After', 'swap.target']);
  if (network) result.push(['After', 'network.target'], ...both('Wants', 'After', 'network-online.target'));
  return result;
}

function swapDependencies(unit: LoadedUnit): readonly Dependency[] {
  const nofail = (unit.text('Swap.Options') ?? '').split(',').includes('nofail');
  return [...(nofail ? [] : ([['Before', 'swap.target']] as const)), ...both('Before', 'Conflicts', 'umount.target')];
}

/** What the environment of a unit's processes needs: the journal, temporary and state directories. */
function processDependencies(unit: LoadedUnit): readonly Dependency[] {
  if (!['service', 'socket', 'mount', 'swap'].includes(unit.name.type)) return [];
  if (unit.name.type === 'socket' && !hasSocketCommands(unit)) return [];
  const result: Dependency[] = [];
  if (['State', 'Cache', 'Logs'].some((name) => unit.ownList(`${name}Directory`).length > 0))
    result.push(['After', 'systemd-remount-fs.service']);
  if (privateTmp(unit) === 'connected') result.push(['After', 'systemd-tmpfiles-setup.service']);
  if (unit.ownText('RootImage') !== undefined) result.push(['After', 'systemd-udevd.service']);
  const namespace = unit.ownText('LogNamespace');
  if (namespace !== undefined) result.push(...journalNamespace(escapeUnitName(namespace)));
  else if (logsToJournal(unit)) result.push(['After', 'systemd-journald.socket']);
  return result;
}

/** A journal of its own is started first. */
function journalNamespace(name: string): readonly Dependency[] {
  return [
    'systemd-journald@NAME.socket',
    'systemd-journald-varlink@NAME.socket',
    'systemd-journald-sync@NAME.service',
  ].flatMap((unit) =>
    both(
      'Requires',
      'After',
      unit.replace('NAME', () => name),
    ),
  );
}

function hasSocketCommands(unit: LoadedUnit): boolean {
  return ['ExecStartPre', 'ExecStartPost', 'ExecStopPre', 'ExecStopPost'].some(
    (key) => unit.commands(`Socket.${key}`).length > 0,
  );
}

const journalOutputs = new Set(['journal', 'journal+console', 'kmsg', 'kmsg+console']);

function logsToJournal(unit: LoadedUnit): boolean {
  if (unit.id === '-.mount') return false;
  const input = unit.ownText('StandardInput') ?? 'null';
  const output = unit.ownText('StandardOutput') ?? (input === 'null' || input === 'data' ? 'journal' : 'inherit');
  const error = unit.ownText('StandardError') ?? 'inherit';
  return journalOutputs.has(output) || journalOutputs.has(error);
}

function typeDependencies(unit: LoadedUnit): readonly Dependency[] {
  switch (unit.name.type) {
    case 'service':
      return [
        ...(serviceType(unit) === 'dbus' ? both('Requires', 'After', 'dbus.socket') : []),
        ...unit.list('Service.Sockets').flatMap((socket) => both('Wants', 'After', socket)),
      ];
    case 'socket':
    case 'timer':
    case 'path':
      return unit.flag('Socket.Accept') === true
        ? []
        : triggeredUnits(unit).flatMap((each) => both('Before', 'Triggers', each));
    case 'automount':
      return triggeredUnits(unit).flatMap((each) => both('Before', 'Triggers', each));
    case 'mount':
      return deviceDependencies(unit.text('Mount.What'), unit.text('Mount.Options'), isApiMount(unit));
    case 'swap':
      return deviceDependencies(unit.text('Swap.What'), unit.text('Swap.Options'), false);
    default:
      return [];
  }
}

function deviceDependencies(
  what: string | undefined,
  options: string | undefined,
  isRoot: boolean,
): readonly Dependency[] {
  const words = (options ?? '').split(',');
  if (what === undefined || !/^\/(dev|sys)\//.test(what) || what === '/dev/root' || what === '/dev/nfs') return [];
  if (isRoot || words.includes('bind') || words.includes('rbind')) return [];
  const name = escapePath(what);
  if (name === undefined) return [];
  const bound = words.includes('x-systemd.device-bound') || words.includes('x-systemd.device-bound=yes');
  return [...both(bound ? 'BindsTo' : 'Requires', 'After', `${name}.device`), ['After', `blockdev@${name}.target`]];
}

function outOfMemoryDependencies(unit: LoadedUnit): readonly Dependency[] {
  const kills = ['ManagedOOMSwap', 'ManagedOOMMemoryPressure'].some((key) => unit.ownText(key) === 'kill');
  return kills ? both('Wants', 'After', 'systemd-oomd.service') : [];
}
