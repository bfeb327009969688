/**
 * What the machine starts by itself: everything the boot target pulls in, what its sockets, timers and paths start on
 * demand, and what the presets add at a first boot. Each answer carries the chain of links that proves it.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { createLazyTable } from '../../table.ts';
import type { Gap } from '../fact.ts';
import { findFailedCondition } from './conditions.ts';
import { type DefaultTarget, findDefaultTarget } from './default-target.ts';
import { findFirstBootLinks } from './first-boot-links.ts';
import { findOtherGenerators, namesUnit, type OtherGenerator } from './generators/other-generators.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { pulledBy } from './pull-graph.ts';
import { StartJudge } from './start-judge.ts';
import { type StartRefusal, StartRefusals } from './start-refusal.ts';
import { triggeredUnits } from './triggers.ts';
import type { Assignment, PullStep, StartupFact, UnitStart } from './unit-fact.ts';
import { parseUnitName } from './unit-name.ts';
import type { UnitSet } from './unit-set.ts';

export interface Startup {
  readonly value: StartupFact;
  /** What could not be read so far. Both grow while the table is asked: look at them after the last question. */
  readonly damage: readonly Diagnostic[];
  readonly gaps: readonly Gap[];
}

/**
 * Follows the pull-in graph from the boot target, as far as the questions to the table need: a unit that is found near the target
 * costs little, one that is not found costs the whole graph, and meets all the damage that may hide it.
 */
export function resolveStartup(set: UnitSet): Startup {
  const target = findDefaultTarget(set);
  const search = new StartupSearch(set, target);
  const { major, evidence } = set.version;
  const value: StartupFact = {
    ...(major === undefined || evidence === undefined
      ? {}
      : { systemd: { version: major, location: set.view.locate(evidence) } }),
    ...(target ? { defaultTarget: target } : {}),
    manager: createLazyTable<readonly Assignment[]>({
      find: (key) => set.manager.effective(key),
      names: () => [...set.manager.assignments.keys()],
    }),
    units: createLazyTable<UnitStart>({ find: (id) => search.find(id), names: () => search.names() }),
  };
  return { value, damage: search.damage, gaps: search.gaps };
}

interface Pending {
  readonly name: string;
  readonly because: readonly PullStep[];
}

class StartupSearch {
  readonly damage: Diagnostic[] = [];
  readonly gaps: Gap[];
  readonly #starts = new Map<string, UnitStart>();
  readonly #set: UnitSet;
  readonly #refusals: StartRefusals;
  readonly #judge: StartJudge;
  readonly #judged = new Map<UnitStart, UnitStart>();
  readonly #reliedOn = new Set<LoadedUnit>();
  readonly #found: Iterator<void>;
  /** Pulled in, not visited yet. */
  readonly #targets: Pending[] = [];
  readonly #waiting = new Map<string, Pending>();
  readonly #onDemand: Pending[] = [];
  /** Pulled in by a job that was taken back. */
  readonly #doubtful: Pending[] = [];
  #presetLinks: ReadonlyMap<string, readonly PullStep[]> = new Map();
  #otherGenerators: readonly OtherGenerator[] | undefined;
  #state: 'boot' | 'demand' | 'unknown' = 'boot';

  constructor(set: UnitSet, target: DefaultTarget | undefined) {
    this.#set = set;
    this.#refusals = new StartRefusals(set);
    this.#judge = new StartJudge({
      set,
      refusals: this.#refusals,
      startOf: (id) => this.#pulled(id),
      target: target && set.load(target.unit),
      bootUnits: () => this.#bootUnits(),
      damaged: (...causes) => this.#damaged(...causes),
      mayBeThere: (unit) => this.#mayBeThere(unit),
      rely: (unit) => this.#rely(unit),
    });
    this.gaps = [...set.gaps];
    this.#found = this.#explore(target);
  }

  /** How the unit of that id starts, and what becomes of it; undefined if nothing starts it. */
  find(id: string): UnitStart | undefined {
    const start = this.#pulled(id);
    if (!start || this.#judged.has(start)) return start && this.#judged.get(start);
    const judged = this.#guard(() => this.#judge.judge(start), start);
    this.#judged.set(start, judged);
    return judged;
  }

  /** How something pulls the unit in, whatever becomes of it. */
  #pulled(id: string): UnitStart | undefined {
    while (!this.#starts.has(id) && this.#isThere(id) && (this.#visitWaiting(id) || this.#advance()));
    return this.#starts.get(id) ?? this.#madeAtBoot(id);
  }

  #bootUnits(): readonly LoadedUnit[] {
    while (this.#state === 'boot' && this.#advance());
    return [...this.#starts.values()].flatMap(({ unit: id, state }) => {
      const unit = state === 'boot' ? this.#set.load(id) : undefined;
      return unit?.loadState === 'loaded' ? [unit] : [];
    });
  }

  /** A unit that a generator of another package names: what the program does with it only a boot tells. */
  #madeAtBoot(id: string): UnitStart | undefined {
    const maker = this.#others().find((generator) => namesUnit(generator, id));
    return maker && { unit: id, state: 'unknown', because: [stepOf(maker, id)] };
  }

  #others(): readonly OtherGenerator[] {
    if (this.#otherGenerators) return this.#otherGenerators;
    this.#otherGenerators = this.#guard(() => findOtherGenerators(this.#set.view), []);
    return this.#otherGenerators;
  }

  /** A unit without a file and without reason to be is never started: no need to search for it. */
  #isThere(id: string): boolean {
    try {
      const unit = this.#set.load(id);
      return unit !== undefined && unit.loadState !== 'not-found';
    } catch (thrown) {
      this.#damaged(damageFrom(asImageError(thrown)));
      return false;
    }
  }

  /** Ids of all units that start or may start. */
  names(): string[] {
    while (this.#advance());
    return [...this.#starts.keys()];
  }

  #advance(): boolean {
    return this.#guard(() => this.#found.next().done !== true, false);
  }

  /** Visits a unit that something pulls in already, before those that wait in front of it. */
  #visitWaiting(id: string): boolean {
    return this.#guard(() => {
      for (const name of this.#set.load(id)?.names ?? []) {
        const pending = this.#waiting.get(name);
        if (!pending) continue;
        this.#waiting.delete(name);
        this.#visit(pending);
        return true;
      }
      return false;
    }, false);
  }

  #guard<T>(step: () => T, otherwise: T): T {
    try {
      return step();
    } catch (thrown) {
      this.#damaged(damageFrom(asImageError(thrown)));
      return otherwise;
    }
  }

  #damaged(...causes: readonly Diagnostic[]): void {
    this.damage.push(...causes);
    this.gaps.push(...causes.map((cause) => ({ cause })));
  }

  /** By links first, then what presets of a first boot add, then what sockets, timers and paths start, then what generators may. */
  *#explore(target: DefaultTarget | undefined): Generator<void> {
    if (!target) return;
    const { unit, location } = target;
    yield* this.#follow([{ name: unit, because: [{ unit, by: 'default.target', location }] }]);
    this.#presetLinks = findFirstBootLinks(this.#set);
    if (this.#presetLinks.size > 0) {
      const added = [...this.#starts.values()].flatMap((start) => {
        const names = this.#set.load(start.unit)?.names ?? [];
        return names.flatMap((name) => this.#presetSteps(name, start.because));
      });
      yield* this.#follow(added);
    }
    this.#state = 'demand';
    for (let next = this.#onDemand.shift(); next !== undefined; next = this.#onDemand.shift())
      yield* this.#follow([next]);
    this.#state = 'unknown';
    while (this.#doubtful.length > 0) yield* this.#follow(this.#doubtful.splice(0));
    for (const generator of this.#others()) {
      const units = [...generator.units].filter((name) => parseUnitName(name)?.form !== 'template');
      yield* this.#follow(units.map((name) => ({ name, because: [stepOf(generator, name)] })));
    }
  }

  /**
   * Targets before other units, each kind in the order it was pulled in: most units hang on a target, so that most questions are
   * answered when the few targets are known.
   */
  *#follow(pending: readonly Pending[]): Generator<void> {
    for (const each of pending) this.#enqueue(each);
    for (;;) {
      const next = this.#targets.shift() ?? this.#takeWaiting();
      if (!next) return;
      this.#visit(next);
      yield;
    }
  }

  #enqueue(pending: Pending): void {
    if (pending.name.endsWith('.target')) this.#targets.push(pending);
    else if (!this.#waiting.has(pending.name)) this.#waiting.set(pending.name, pending);
  }

  #takeWaiting(): Pending | undefined {
    for (const [name, pending] of this.#waiting) {
      this.#waiting.delete(name);
      return pending;
    }
    return undefined;
  }

  #visit({ name, because }: Pending): void {
    const unit = this.#set.load(name);
    if (!unit || this.#starts.has(unit.id)) return;
    this.#rely(unit);
    if (unit.loadState === 'not-found') return;
    const refusal = unit.loadState === 'loaded' ? this.#refusals.find(unit) : undefined;
    this.#starts.set(
      unit.id,
      refusal ? this.#refused(unit, refusal, because) : this.#startOf(unit, this.#state, because),
    );
    if (unit.loadState !== 'loaded') return;
    for (const step of pulledBy(this.#set, unit)) this.#pull({ name: step.unit, because: [...because, step] }, refusal);
    if (refusal) return;
    for (const each of unit.names) for (const step of this.#presetSteps(each, because)) this.#enqueue(step);
    for (const each of triggeredUnits(unit)) this.#addTrigger(unit, each, because);
  }

  /** A job that is taken back leaves those it brought before; requirements come in any order, then what is wanted, then what Requisite= names. */
  #pull(pending: Pending, refusal: StartRefusal | undefined): void {
    if (!refusal) this.#enqueue(pending);
    else if (refusal.kind === 'Requisite' || isRequirement(pending.because.at(-1))) this.#doubtful.push(pending);
  }

  /** What is required and not there may be damaged, or be made at boot. */
  #mayBeThere(unit: LoadedUnit): boolean {
    return unit.damage.length > 0 || this.#others().some((generator) => namesUnit(generator, unit.id));
  }

  /** What could not be read of a unit is a gap of every answer that rests on it. */
  #rely(unit: LoadedUnit): void {
    if (this.#reliedOn.has(unit)) return;
    this.#reliedOn.add(unit);
    this.#damaged(...unit.damage);
  }

  #presetSteps(name: string, because: readonly PullStep[]): readonly Pending[] {
    const steps = this.#presetLinks.get(name) ?? [];
    return steps.map((step) => ({ name: step.unit, because: [...because, step] }));
  }

  #refused(unit: LoadedUnit, { text, location, required }: StartRefusal, because: readonly PullStep[]): UnitStart {
    this.#rely(required);
    if (!this.#set.version.atLeast(253)) return this.#startOf(unit, this.#state, because);
    if (this.#mayBeThere(required) || !this.#set.version.atLeast(254))
      return { unit: unit.id, state: 'unknown', because };
    return {
      unit: unit.id,
      state: 'never',
      because,
      skippedBecause: text,
      ...(location ? { skippedAt: location } : {}),
    };
  }

  #startOf(unit: LoadedUnit, state: 'boot' | 'demand' | 'unknown', because: readonly PullStep[]): UnitStart {
    const start = { unit: unit.id, because };
    if (unit.loadState === 'masked') return { ...start, state: 'masked' };
    if (unit.loadState !== 'loaded') return { ...start, state: unit.damage.length > 0 ? 'unknown' : 'never' };
    const failed = findFailedCondition(this.#set, unit);
    if (!failed) return { ...start, state };
    const { text, location } = failed;
    return { ...start, state, skippedBecause: text, ...(location ? { skippedAt: location } : {}) };
  }

  #addTrigger(unit: LoadedUnit, name: string, because: readonly PullStep[]): void {
    const location = unit.fragment;
    if (location) this.#onDemand.push({ name, because: [...because, { unit: name, by: triggerWord(unit), location }] });
  }
}

function stepOf({ location }: OtherGenerator, unit: string): PullStep {
  return { unit, by: 'a generator at boot', location };
}

function isRequirement(step: PullStep | undefined): boolean {
  return step !== undefined && /^(?:\.requires|Requires|BindsTo)/.test(step.by);
}

function triggerWord(unit: LoadedUnit): string {
  return unit.name.type === 'socket' ? 'Sockets=' : `triggered by ${unit.name.type}`;
}
