/**
 * Units with their dependencies in both directions, as a manager holds them that has loaded some units and all that those name:
 * of a dependency that a unit outside of that circle states, the other side knows nothing.
 * unit.c (unit_add_dependency), target.c and mount.c for dependencies that arise between two units.
 */
import { type DependencyKind, dependenciesOf, dependencyKinds } from './dependencies.ts';
import { usesDefaults } from './implicit-dependencies.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { mountDependencies } from './mounts-for.ts';
import { sliceOf } from './properties/slice.ts';
import { parseUnitName } from './unit-name.ts';
import type { UnitSet } from './unit-set.ts';

/** What the other unit gets when one gets a dependency. */
const inverses = {
  Requires: 'RequiredBy',
  Requisite: 'RequisiteOf',
  Wants: 'WantedBy',
  BindsTo: 'BoundBy',
  PartOf: 'ConsistsOf',
  Upholds: 'UpheldBy',
  Conflicts: 'ConflictedBy',
  Before: 'After',
  After: 'Before',
  OnSuccess: 'OnSuccessOf',
  OnFailure: 'OnFailureOf',
  Triggers: 'TriggeredBy',
  PropagatesReloadTo: 'ReloadPropagatedFrom',
  ReloadPropagatedFrom: 'PropagatesReloadTo',
  PropagatesStopTo: 'StopPropagatedFrom',
  StopPropagatedFrom: 'PropagatesStopTo',
  JoinsNamespaceOf: 'JoinsNamespaceOf',
} as const satisfies Readonly<Record<DependencyKind, string>>;

export type EdgeKind = DependencyKind | (typeof inverses)[DependencyKind];

/** All kinds, in the order systemctl prints them. */
export const edgeKinds: readonly EdgeKind[] = [
  ...new Set<EdgeKind>(dependencyKinds.flatMap((kind) => [kind, inverses[kind]])),
];

export class UnitGraph {
  readonly #set: UnitSet;
  readonly #units: ReadonlySet<LoadedUnit>;
  readonly #edges = new Map<string, Map<EdgeKind, Set<string>>>();

  /** `roots` are what the manager loads by itself: every unit of the image unless given. */
  constructor(set: UnitSet, roots?: readonly string[]) {
    this.#set = set;
    const units = this.#load(roots ?? set.index.names());
    this.#units = units;
    for (const unit of units) {
      for (const kind of dependencyKinds) {
        for (const name of dependenciesOf(unit).get(kind) ?? []) this.#add(unit.id, kind, name);
      }
    }
    for (const unit of units) for (const each of mountDependencies(set, unit)) this.#add(unit.id, each.kind, each.unit);
    for (const unit of units) this.#orderAfterPulled(unit);
  }

  /** Main names of the other units, in no order. */
  dependencies(unit: LoadedUnit, kind: EdgeKind): ReadonlySet<string> {
    return this.#edges.get(unit.id)?.get(kind) ?? new Set();
  }

  /** Loaded units whose processes are in that slice, nested slices among them. */
  members(slice: LoadedUnit): readonly string[] {
    return [...this.#units]
      .filter((unit) => unit.loadState === 'loaded' && sliceOf(unit) === slice.id)
      .map(({ id }) => id);
  }

  has(unit: LoadedUnit): boolean {
    return this.#units.has(unit);
  }

  /** The roots, and whatever those name. */
  #load(roots: readonly string[]): ReadonlySet<LoadedUnit> {
    const units = new Set<LoadedUnit>();
    const todo = roots.filter((name) => parseUnitName(name)?.form !== 'template');
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      const unit = this.#set.load(name);
      if (!unit || units.has(unit)) continue;
      units.add(unit);
      for (const names of dependenciesOf(unit).values()) todo.push(...names);
    }
    return units;
  }

  #add(from: string, kind: DependencyKind, name: string): void {
    const to = this.#set.load(name)?.id ?? name;
    if (to === from) return;
    this.#put(from, kind, to);
    this.#put(to, inverses[kind], from);
  }

  #put(from: string, kind: EdgeKind, to: string): void {
    const kinds = this.#edges.get(from) ?? new Map<EdgeKind, Set<string>>();
    const names = kinds.get(kind) ?? new Set<string>();
    names.add(to);
    kinds.set(kind, names);
    this.#edges.set(from, kinds);
  }

  /** Targets come after what they pull in, unless that was ordered the other way round. */
  #orderAfterPulled(target: LoadedUnit): void {
    if (target.name.type !== 'target' || target.loadState !== 'loaded' || !usesDefaults(target)) return;
    for (const kind of ['Requires', 'Requisite', 'Wants', 'BindsTo', 'Upholds'] as const) {
      for (const name of this.dependencies(target, kind)) {
        const unit = this.#set.load(name);
        if (unit?.loadState !== 'loaded' || !usesDefaults(unit)) continue;
        if (!this.dependencies(target, 'Before').has(unit.id)) this.#add(target.id, 'After', unit.id);
      }
    }
  }
}
