/** Paths below which mounts must be there: RequiresMountsFor=, WantsMountsFor=, and what other settings imply. unit.c. */
import type { LoadedUnit } from './loaded-unit.ts';
import { privateTmp } from './private-tmp.ts';
import { escapePath } from './unit-name.ts';
import type { UnitSet } from './unit-set.ts';
import { mountPoint } from './verify-unit.ts';

export interface MountsFor {
  readonly requires: ReadonlySet<string>;
  readonly wants: ReadonlySet<string>;
}

/** Keys that name directories below a fixed root. */
const directoryRoots: readonly (readonly [key: string, root: string])[] = [
  ['RuntimeDirectory', '/run'],
  ['StateDirectory', '/var/lib'],
  ['CacheDirectory', '/var/cache'],
  ['LogsDirectory', '/var/log'],
  ['ConfigurationDirectory', '/etc'],
];

/** In the order systemd meets them. */
export function mountsFor(unit: LoadedUnit): MountsFor {
  const requires = new Set(unit.list('Unit.RequiresMountsFor'));
  const wants = new Set(knowsWantsMountsFor(unit) ? unit.list('Unit.WantsMountsFor') : []);
  if (unit.loadState === 'loaded') {
    addProcessPaths(unit, requires, wants);
    for (const path of typePaths(unit)) requires.add(path);
  }
  return { requires, wants };
}

export interface MountDependency {
  readonly kind: 'After' | 'Requires' | 'Wants';
  readonly unit: string;
}

/** Mount units a unit comes after, and needs if a file describes them. */
export function mountDependencies(set: UnitSet, unit: LoadedUnit): readonly MountDependency[] {
  if (unit.loadState !== 'loaded') return [];
  const { requires, wants } = mountsFor(unit);
  return [
    ...dependenciesOn(set, unit, requires, 'Requires'),
    ...dependenciesOn(set, unit, wants, 'Wants'),
    ...(knowsWantsMountsFor(unit) || !sharesTmp(unit) ? [] : tmpMount),
  ];
}

/** Older versions have nothing weaker than RequiresMountsFor=; of what PrivateTmp= needs they name /tmp by its unit, which may be masked. */
const knowsWantsMountsFor = (unit: LoadedUnit): boolean => unit.version.atLeast(256);

const tmpMount: readonly MountDependency[] = [
  { kind: 'After', unit: 'tmp.mount' },
  { kind: 'Wants', unit: 'tmp.mount' },
];

const sharesTmp = (unit: LoadedUnit): boolean => hasProcesses(unit) && privateTmp(unit) === 'connected';

const hasProcesses = (unit: LoadedUnit): boolean => ['service', 'mount', 'swap'].includes(unit.name.type);

function dependenciesOn(
  set: UnitSet,
  unit: LoadedUnit,
  paths: ReadonlySet<string>,
  kind: 'Requires' | 'Wants',
): readonly MountDependency[] {
  const result: MountDependency[] = [];
  for (const prefix of new Set([...paths].flatMap(prefixesOf))) {
    const mount = set.load(`${escapePath(prefix) ?? '-'}.mount`);
    if (!mount || mount === unit || mount.loadState !== 'loaded') continue;
    result.push({ kind: 'After', unit: mount.id });
    if (mount.fragmentPath !== undefined) result.push({ kind, unit: mount.id });
  }
  return result;
}

/** `/`, `/a`, `/a/b` for `/a/b`. */
function prefixesOf(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['/', ...parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)];
}

function addProcessPaths(unit: LoadedUnit, requires: Set<string>, wants: Set<string>): void {
  if (!hasProcesses(unit)) return;
  const weak = knowsWantsMountsFor(unit);
  const directory = unit.ownText('WorkingDirectory');
  if (directory?.startsWith('/')) requires.add(directory);
  else if (weak && directory?.startsWith('!/')) wants.add(directory.slice(1));
  for (const key of ['RootDirectory', 'RootImage']) {
    const path = unit.ownText(key);
    if (path !== undefined) (weak ? wants : requires).add(path);
  }
  for (const [key, root] of directoryRoots) {
    for (const item of unit.ownList(key)) requires.add(`${root}/${item.split(':')[0]}`);
  }
  if (!sharesTmp(unit)) return;
  if (weak) wants.add('/tmp').add('/var/tmp');
  else requires.add('/var/tmp');
}

function typePaths(unit: LoadedUnit): readonly string[] {
  switch (unit.name.type) {
    case 'mount':
    case 'automount': {
      const where = mountPoint(unit);
      const what = unit.text('Mount.What');
      const source = what?.startsWith('/') ? [what] : [];
      return where === undefined || where === '/' ? [] : [where.slice(0, where.lastIndexOf('/')) || '/', ...source];
    }
    case 'swap': {
      const what = unit.text('Swap.What');
      return what?.startsWith('/') ? [what] : [];
    }
    case 'socket':
      return unit
        .list('Socket.Listen')
        .filter((item) => item.startsWith('/'))
        .map((item) => item.slice(0, item.lastIndexOf(' (')));
    case 'path':
      return unit.list('Path.Watch').map((item) => item.slice(0, item.lastIndexOf(' (')));
    case 'timer':
      return unit.flag('Timer.Persistent') === true ? ['/var/lib/systemd/timers'] : [];
    default:
      return [];
  }
}
