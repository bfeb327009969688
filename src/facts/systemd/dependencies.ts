/**
 * The dependencies a unit brings along: those it names, those its directories link, and those systemd adds by itself.
 * systemd.unit(5), "Implicit Dependencies" and "Default Dependencies" of each type's manual page.
 */
import { implicitDependencies } from './implicit-dependencies.ts';
import type { LoadedUnit } from './loaded-unit.ts';

export const dependencyKinds = [
  'Requires',
  'Requisite',
  'Wants',
  'BindsTo',
  'PartOf',
  'Upholds',
  'Conflicts',
  'Before',
  'After',
  'OnSuccess',
  'OnFailure',
  'Triggers',
  'PropagatesReloadTo',
  'ReloadPropagatedFrom',
  'PropagatesStopTo',
  'StopPropagatedFrom',
  'JoinsNamespaceOf',
] as const;

export type DependencyKind = (typeof dependencyKinds)[number];
export type Dependencies = ReadonlyMap<DependencyKind, ReadonlySet<string>>;

const known = new WeakMap<LoadedUnit, Dependencies>();

/** All dependencies of a unit by kind, as it states them: no inverse ones, aliases not resolved. */
export function dependenciesOf(unit: LoadedUnit): Dependencies {
  const cached = known.get(unit);
  if (cached) return cached;
  const result = new Map<DependencyKind, Set<string>>();
  const add = (kind: DependencyKind, names: Iterable<string>): void => {
    for (const name of names) {
      if (unit.names.includes(name)) continue;
      const set = result.get(kind);
      if (set) set.add(name);
      else result.set(kind, new Set([name]));
    }
  };
  for (const kind of dependencyKinds) if (kind !== 'Triggers') add(kind, unit.list(`Unit.${kind}`));
  for (const kind of ['Wants', 'Requires', 'Upholds'] as const)
    add(
      kind,
      unit.links[kind].map((link) => link.unit),
    );
  if (unit.loadState === 'loaded') for (const [kind, name] of implicitDependencies(unit)) add(kind, [name]);
  known.set(unit, result);
  return result;
}
