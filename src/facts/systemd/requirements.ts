/** What a unit requires: the units its lines and links name, its slice, the mounts of its paths, and what its type implies. unit.c. */
import type { Location } from '../../location.ts';
import { dependenciesOf } from './dependencies.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { mountDependencies } from './mounts-for.ts';
import { sliceOf } from './properties/slice.ts';
import { namedUnits } from './pull-graph.ts';
import type { UnitSet } from './unit-set.ts';

export const requiringKinds = ['Requires', 'BindsTo', 'Requisite'] as const;

export interface Requirement {
  readonly kind: (typeof requiringKinds)[number];
  /** The name as it is given, aliases not resolved. */
  readonly name: string;
  /** `Requires=a.service`, `Slice=a.slice`; what no line names is implied. */
  readonly text: string;
  /** The line or link that requires it, else the file of the unit. */
  readonly location: Location | undefined;
}

const known = new WeakMap<LoadedUnit, readonly Requirement[]>();

/** Each unit required, once a kind; what a line names comes before what is implied. `unit` is one of `set`. */
export function requirementsOf(set: UnitSet, unit: LoadedUnit): readonly Requirement[] {
  const requirements = known.get(unit) ?? findRequirements(set, unit);
  known.set(unit, requirements);
  return requirements;
}

function findRequirements(set: UnitSet, unit: LoadedUnit): readonly Requirement[] {
  const found = new Map<string, Requirement>();
  const add = (one: Requirement): void => {
    const key = `${one.kind}=${one.name}`;
    if (!found.has(key) && !unit.names.includes(one.name)) found.set(key, one);
  };
  for (const { unit: name, location } of unit.links.Requires)
    add({ kind: 'Requires', name, text: `Requires=${name}`, location });
  for (const kind of requiringKinds)
    for (const { name, location } of namedUnits(unit, kind)) add({ kind, name, text: `${kind}=${name}`, location });
  const slice = sliceOf(unit);
  if (slice !== undefined) add({ kind: 'Requires', name: slice, text: `Slice=${slice}`, location: sliceLine(unit) });
  for (const kind of requiringKinds)
    for (const name of dependenciesOf(unit).get(kind) ?? [])
      if (!isTakenForGranted(set, name)) add(implied(unit, kind, name));
  for (const { kind, unit: name } of mountDependencies(set, unit))
    if (kind === 'Requires') add(implied(unit, kind, name));
  return [...found.values()];
}

/** Nothing boots without it, so a tree that lacks it is an excerpt of a system. */
function isTakenForGranted(set: UnitSet, name: string): boolean {
  return name === 'sysinit.target' && set.load(name)?.loadState === 'not-found';
}

function implied(unit: LoadedUnit, kind: Requirement['kind'], name: string): Requirement {
  return { kind, name, text: `${kind}=${name} (implied)`, location: unit.fragment };
}

/** The line that names the slice; one that no line names belongs to the file. */
function sliceLine(unit: LoadedUnit): Location | undefined {
  return unit.ownSetting('Slice')?.values.at(-1)?.location ?? unit.fragment;
}
