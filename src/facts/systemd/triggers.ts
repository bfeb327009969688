/** Units that sockets, timers, paths and automounts start when something happens. */
import type { LoadedUnit } from './loaded-unit.ts';

/** What the unit starts on demand; a socket with Accept=yes starts instances of a template, which is named. */
export function triggeredUnits(unit: LoadedUnit): readonly string[] {
  const { prefix, type, instance } = unit.name;
  const sameName = `${prefix}${instance === undefined ? '' : `@${instance}`}.service`;
  switch (type) {
    case 'socket':
      if (unit.flag('Socket.Accept') === true) return [`${prefix}@.service`];
      return [unit.text('Socket.Service') ?? sameName];
    case 'timer':
      return [unit.text('Timer.Unit') ?? sameName];
    case 'path':
      return [unit.text('Path.Unit') ?? sameName];
    case 'automount':
      return [`${prefix}.mount`];
    default:
      return [];
  }
}
