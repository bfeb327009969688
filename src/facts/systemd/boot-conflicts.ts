/** Units of the boot that lose their start to another unit by Conflicts=. All of the boot is looked at only where files give cause. */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import type { Location } from '../../location.ts';
import { ConflictIndex, leavingTargets } from './conflict-index.ts';
import { type Losses, resolveConflicts, type StartedUnit } from './conflict-resolution.ts';
import { dependenciesOf } from './dependencies.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { namedUnits } from './pull-graph.ts';
import { requirementsOf } from './requirements.ts';
import { UnitGraph } from './unit-graph.ts';
import type { UnitSet } from './unit-set.ts';

export interface LostStart {
  readonly state: 'lost' | 'open';
  /** `Conflicts=a.service of b.service`. */
  readonly text: string;
  readonly location: Location | undefined;
}

export interface ConflictContext {
  readonly set: UnitSet;
  /** The boot target; undefined if there is none. */
  readonly target: LoadedUnit | undefined;
  /** All units that it pulls in, without those that are refused. */
  readonly bootUnits: () => readonly LoadedUnit[];
  /** Told of files that may hide a conflict. */
  readonly damaged: (...causes: readonly Diagnostic[]) => void;
}

interface Resolved {
  readonly graph: UnitGraph;
  readonly started: ReadonlySet<LoadedUnit>;
  readonly losses: Losses | 'contradiction';
}

/** Real boots have some thousands; of more nothing is said. */
const maxDependencies = 100_000;

/** What stops a unit along with another, seen from the other. */
const stopping = ['RequiredBy', 'RequisiteOf', 'BoundBy', 'ConsistsOf', 'PropagatesStopTo'] as const;

export class BootConflicts {
  readonly #set: UnitSet;
  readonly #target: LoadedUnit | undefined;
  readonly #bootUnits: () => readonly LoadedUnit[];
  readonly #damaged: (...causes: readonly Diagnostic[]) => void;
  #index: ConflictIndex | undefined;
  #needed: ReadonlySet<LoadedUnit> | undefined;
  #contradiction: LostStart | undefined;
  #resolved: Resolved | 'too much' | undefined;

  constructor({ set, target, bootUnits, damaged }: ConflictContext) {
    this.#set = set;
    this.#target = target;
    this.#bootUnits = bootUnits;
    this.#damaged = damaged;
  }

  /** Why a unit of the boot is not started, or may not be; undefined if no conflict keeps it from starting. */
  find(unit: LoadedUnit): LostStart | undefined {
    if (!this.#target || !this.#isTouched(unit)) return undefined;
    this.#resolved ??= this.#resolve(this.#target);
    if (this.#resolved === 'too much')
      return { state: 'open', text: 'Conflicts= among too many units', location: unit.fragment };
    const { losses } = this.#resolved;
    if (losses === 'contradiction')
      return this.#contradiction ?? { state: 'lost', ...this.#reasonOf(unit, this.#resolved) };
    const state = losses.get(unit.id);
    return state && { state, ...this.#reasonOf(unit, this.#resolved) };
  }

  /** Whether any of those it stands and falls with may be in a conflict. What the boot target requires loses to nothing but its like. */
  #isTouched(unit: LoadedUnit): boolean {
    const { index, needed } = this.#start();
    if (this.#contradiction) return true;
    return [...this.#closure(unit, true)].some(
      (each) => !needed.has(each) && (index.isNamed(each) || this.#opponents(each).length > 0),
    );
  }

  /** What every question needs. */
  #start(): { readonly index: ConflictIndex; readonly needed: ReadonlySet<LoadedUnit> } {
    if (!this.#index) {
      this.#index = new ConflictIndex(this.#set);
      this.#damaged(...this.#index.failures.map(damageFrom));
    }
    if (!this.#needed) {
      const needed = this.#target ? this.#closure(this.#target, false) : new Set<LoadedUnit>();
      this.#needed = needed;
      this.#contradiction = this.#findContradiction(needed);
    }
    return { index: this.#index, needed: this.#needed };
  }

  /** Two units that the boot target requires, and that exclude each other: nothing starts. */
  #findContradiction(needed: ReadonlySet<LoadedUnit>): LostStart | undefined {
    for (const unit of needed) {
      const other = this.#opponents(unit).find((each) => needed.has(each));
      if (!other) continue;
      const text = `Conflicts=${other.id} of ${unit.id}, and ${this.#target?.id} requires both`;
      return { state: 'lost', text, location: lineOf(unit, other) };
    }
    return undefined;
  }

  #opponents(unit: LoadedUnit): readonly LoadedUnit[] {
    return [...(dependenciesOf(unit).get('Conflicts') ?? [])].flatMap((name) => {
      if (leavingTargets.has(name)) return [];
      const other = this.#set.load(name);
      return other?.loadState === 'loaded' ? [other] : [];
    });
  }

  /** The unit and all it requires; with those that it is stopped along with. */
  #closure(unit: LoadedUnit, withStops: boolean): ReadonlySet<LoadedUnit> {
    const reached = new Set([unit]);
    for (const each of reached) {
      const names = requirementsOf(this.#set, each).flatMap(({ kind, name }) =>
        kind === 'Requisite' && !withStops ? [] : [name],
      );
      const wholes = (['PartOf', 'StopPropagatedFrom'] as const).flatMap((kind) =>
        withStops ? [...(dependenciesOf(each).get(kind) ?? [])] : [],
      );
      for (const name of [...names, ...wholes]) {
        const other = this.#set.load(name);
        if (other?.loadState === 'loaded' && !(withStops && this.#needed?.has(other))) reached.add(other);
      }
    }
    return reached;
  }

  #resolve(target: LoadedUnit): Resolved | 'too much' {
    const units = this.#bootUnits();
    let count = 0;
    for (const unit of units) for (const names of dependenciesOf(unit).values()) count += names.size;
    if (count > maxDependencies) return 'too much';
    const graph = new UnitGraph(
      this.#set,
      units.map(({ id }) => id),
    );
    const started = units.map((unit): [string, StartedUnit] => [
      unit.id,
      {
        requires: (['Requires', 'BindsTo'] as const).flatMap((kind) => [...graph.dependencies(unit, kind)]),
        asks: [...graph.dependencies(unit, 'Requisite')],
        conflicts: [...graph.dependencies(unit, 'Conflicts')],
        stops: stopping.flatMap((kind) => [...graph.dependencies(unit, kind)]),
      },
    ]);
    return { graph, started: new Set(units), losses: resolveConflicts(new Map(started), target.id) };
  }

  /** The line that names a unit of the boot, from the first of those the unit stands and falls with. */
  #reasonOf(unit: LoadedUnit, { graph, started }: Resolved): Omit<LostStart, 'state'> {
    for (const each of this.#closure(unit, true)) {
      for (const name of graph.dependencies(each, 'ConflictedBy')) {
        const by = this.#set.load(name);
        if (by && started.has(by)) return { text: `Conflicts=${each.id} of ${by.id}`, location: lineOf(by, each) };
      }
      for (const other of this.#opponents(each))
        if (started.has(other)) return { text: `Conflicts=${other.id}`, location: lineOf(each, other) };
    }
    return { text: 'Conflicts= among the units that start with it', location: unit.fragment };
  }
}

function lineOf(unit: LoadedUnit, named: LoadedUnit): Location | undefined {
  return namedUnits(unit, 'Conflicts').find(({ name }) => named.names.includes(name))?.location ?? unit.fragment;
}
