/**
 * The units a booted manager holds: those its boot target leads to, the ones it makes itself, and a unit somebody asks for, which
 * it loads for the answer and drops again. manager.c (manager_startup), unit.c (unit_gc_sweep).
 */
import { findDefaultTarget } from './default-target.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { perpetualUnits } from './perpetual.ts';
import { UnitGraph } from './unit-graph.ts';
import type { UnitSet } from './unit-set.ts';

export class BootedGraph {
  readonly #set: UnitSet;
  readonly #roots: readonly string[];
  readonly #booted: UnitGraph;

  constructor(set: UnitSet) {
    this.#set = set;
    const target = findDefaultTarget(set);
    this.#roots = target ? [target.unit, ...perpetualUnits] : perpetualUnits;
    this.#booted = new UnitGraph(set, this.#roots);
  }

  /** The dependencies among loaded units at the moment somebody asks for that one. */
  around(unit: LoadedUnit): UnitGraph {
    return this.#booted.has(unit) ? this.#booted : new UnitGraph(this.#set, [...this.#roots, unit.id]);
  }
}
