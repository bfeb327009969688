/** What makes systemd refuse a unit after reading it (`bad-setting`): the *_verify() functions of its unit types. */
import type { LoadedUnit } from './loaded-unit.ts';
import { escapePath, unescapePath } from './unit-name.ts';

/** Why the unit is refused; undefined if it is not. */
export function findLoadError(unit: LoadedUnit): string | undefined {
  switch (unit.name.type) {
    case 'service':
      return verifyService(unit);
    case 'socket':
      return verifySocket(unit);
    case 'timer':
      return verifyTimer(unit);
    case 'path':
      return unit.list('Path.Watch').length === 0 ? 'Path unit lacks path setting. Refusing.' : undefined;
    case 'mount':
      return verifyMount(unit);
    case 'automount':
      return verifyWhere(unit, 'Automount.Where');
    case 'swap':
      return verifySwap(unit);
    default:
      return undefined;
  }
}

/** Type= as the manager completes it: dbus with a bus name, simple with a command, else oneshot. */
export function serviceType(unit: LoadedUnit): string {
  const type = unit.text('Service.Type');
  if (type !== undefined) return type;
  if (unit.text('Service.BusName') !== undefined) return 'dbus';
  return unit.commands('Service.ExecStart').length > 0 ? 'simple' : 'oneshot';
}

function verifyService(unit: LoadedUnit): string | undefined {
  const start = unit.commands('Service.ExecStart').length;
  const stop = unit.commands('Service.ExecStop').length;
  const type = serviceType(unit);
  const acts = (unit.text('Unit.SuccessAction') ?? 'none') !== 'none';
  const restart = unit.text('Service.Restart');
  if (start === 0 && stop === 0 && !acts) return 'Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.';
  if (type !== 'oneshot' && start === 0 && !acts)
    return 'Service has no ExecStart= and does not have Type=oneshot. Refusing.';
  if (type !== 'oneshot' && start > 1)
    return 'Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.';
  if (type === 'oneshot' && (restart === 'always' || restart === 'on-success'))
    return `Service has Restart= set to ${restart}, which isn't allowed for Type=oneshot services. Refusing.`;
  if ((type === 'oneshot' || type === 'forking') && unit.text('Service.ExitType') === 'cgroup')
    return `Service has ExitType=cgroup, which isn't allowed for Type=${type} services. Refusing.`;
  if (type === 'dbus' && unit.text('Service.BusName') === undefined)
    return 'Service is of type D-Bus but no D-Bus service name has been specified. Refusing.';
  return verifyKillMode(unit, 'Service');
}

function verifyKillMode(unit: LoadedUnit, section: string): string | undefined {
  const mode = unit.text(`${section}.KillMode`) ?? 'control-group';
  return unit.text(`${section}.PAMName`) !== undefined && mode !== 'control-group' && mode !== 'mixed'
    ? "Unit has PAM enabled. Kill mode must be set to 'control-group' or 'mixed'. Refusing."
    : undefined;
}

function verifySocket(unit: LoadedUnit): string | undefined {
  const listeners = unit.list('Socket.Listen');
  if (listeners.length === 0)
    return 'Unit has no Listen setting (ListenStream=, ListenDatagram=, ListenFIFO=, ...). Refusing.';
  if (unit.flag('Socket.Accept') === true) {
    if (!listeners.every((each) => each.endsWith('(Stream)') || each.endsWith('(SequentialPacket)')))
      return 'Unit configured for accepting sockets, but sockets are non-accepting. Refusing.';
    if (unit.text('Socket.Service') !== undefined)
      return 'Explicit service configuration for accepting socket units not supported. Refusing.';
  }
  const inFileSystem = listeners.filter((each) => each.startsWith('/') && !each.endsWith('(Special)'));
  if (unit.list('Socket.Symlinks').length > 0 && inFileSystem.length !== 1)
    return 'Unit has symlinks set but none or more than one node in the file system. Refusing.';
  return verifyKillMode(unit, 'Socket');
}

function verifyTimer(unit: LoadedUnit): string | undefined {
  const elapses =
    unit.list('Timer.Elapse').length > 0 ||
    unit.flag('Timer.OnClockChange') === true ||
    unit.flag('Timer.OnTimezoneChange') === true;
  return elapses ? undefined : 'Timer unit lacks value setting. Refusing.';
}

function verifyMount(unit: LoadedUnit): string | undefined {
  if (unit.id === '-.mount') return undefined;
  return (
    verifyWhere(unit, 'Mount.Where') ??
    (unit.text('Mount.What') === undefined ? 'What= setting is missing. Refusing.' : undefined) ??
    verifyKillMode(unit, 'Mount')
  );
}

/** Where a mount unit mounts: as it says, or as its name says. */
export function mountPoint(unit: LoadedUnit): string | undefined {
  const key = unit.name.type === 'automount' ? 'Automount.Where' : 'Mount.Where';
  return unit.text(key) ?? unescapePath(unit.name.prefix);
}

function verifyWhere(unit: LoadedUnit, key: string): string | undefined {
  const where = unit.text(key);
  if (where === undefined) return undefined;
  const expected = escapePath(where);
  return unit.names.includes(`${expected}.${unit.name.type}`)
    ? undefined
    : `Where= setting doesn't match unit name (${expected}.${unit.name.type}). Refusing.`;
}

function verifySwap(unit: LoadedUnit): string | undefined {
  const what = unit.text('Swap.What');
  if (what === undefined) return 'What= setting is missing. Refusing.';
  if (!what.startsWith('/')) return undefined;
  return unit.names.includes(`${escapePath(what)}.swap`)
    ? undefined
    : "What= setting doesn't match unit name. Refusing.";
}
