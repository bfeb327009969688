/**
 * What the machine starts by itself: everything the boot target pulls in, what its sockets, timers and paths start on
 * demand, and what the presets add at a first boot. Each answer carries the chain of links that proves it.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { createTable } from '../../table.ts';
import type { Gap } from '../fact.ts';
import { findFailedCondition } from './conditions.ts';
import { type DefaultTarget, findDefaultTarget } from './default-target.ts';
import { linksOfEnabling, presetCandidates } from './install-changes.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { pulledBy } from './pull-graph.ts';
import { triggeredUnits } from './triggers.ts';
import type { PullStep, StartupFact, UnitStart } from './unit-fact.ts';
import type { UnitSet } from './unit-set.ts';

export interface Startup {
  readonly value: StartupFact;
  readonly damage: readonly Diagnostic[];
  readonly gaps: readonly Gap[];
}

/** Follows the pull-in graph from the boot target. */
export function resolveStartup(set: UnitSet): Startup {
  const target = findDefaultTarget(set);
  const search = new StartupSearch(set);
  try {
    if (target) search.run(target);
  } catch (thrown) {
    search.damage.push(damageFrom(asImageError(thrown)));
  }
  const units = createTable<UnitStart>();
  for (const [id, start] of search.starts) units[id] = start;
  const { major, evidence } = set.version;
  const value: StartupFact = {
    ...(major === undefined || evidence === undefined
      ? {}
      : { systemd: { version: major, location: set.view.locate(evidence) } }),
    ...(target ? { defaultTarget: target } : {}),
    units,
  };
  const gaps = [...set.gaps, ...search.damage.map((cause) => ({ cause }))];
  return { value, damage: search.damage, gaps };
}

interface Pending {
  readonly name: string;
  readonly because: readonly PullStep[];
}

class StartupSearch {
  readonly starts = new Map<string, UnitStart>();
  readonly damage: Diagnostic[] = [];
  readonly #set: UnitSet;
  readonly #presetLinks: ReadonlyMap<string, readonly PullStep[]>;
  readonly #onDemand: Pending[] = [];

  constructor(set: UnitSet) {
    this.#set = set;
    this.#presetLinks = set.host.isFirstBoot() && !isInStore(set) ? firstBootLinks(set) : new Map();
  }

  run(target: DefaultTarget): void {
    this.#follow(
      { name: target.unit, because: [{ unit: target.unit, by: 'default.target', location: target.location }] },
      'boot',
    );
    for (let next = this.#onDemand.shift(); next !== undefined; next = this.#onDemand.shift())
      this.#follow(next, 'demand');
  }

  /** Breadth first, so that the proof is a shortest one. */
  #follow(first: Pending, state: 'boot' | 'demand'): void {
    const queue: Pending[] = [first];
    for (let at = 0; at < queue.length; at++) {
      const { name, because } = queue[at] as Pending;
      const unit = this.#set.load(name);
      if (!unit || this.starts.has(unit.id)) continue;
      this.damage.push(...unit.damage);
      if (unit.loadState === 'not-found') continue;
      this.starts.set(unit.id, this.#startOf(unit, state, because));
      if (unit.loadState !== 'loaded') continue;
      for (const step of this.#stepsFrom(unit)) queue.push({ name: step.unit, because: [...because, step] });
      for (const name of triggeredUnits(unit)) this.#addTrigger(unit, name, because);
    }
  }

  #startOf(unit: LoadedUnit, state: 'boot' | 'demand', because: readonly PullStep[]): UnitStart {
    const start = { unit: unit.id, because };
    if (unit.loadState === 'masked') return { ...start, state: 'masked' };
    if (unit.loadState !== 'loaded') return { ...start, state: unit.damage.length > 0 ? 'unknown' : 'never' };
    const failed = findFailedCondition(this.#set, unit);
    return failed ? { ...start, state, skippedBecause: failed.text } : { ...start, state };
  }

  #stepsFrom(unit: LoadedUnit): readonly PullStep[] {
    const added = unit.names.flatMap((name) => this.#presetLinks.get(name) ?? []);
    return [...pulledBy(this.#set, unit), ...added];
  }

  #addTrigger(unit: LoadedUnit, name: string, because: readonly PullStep[]): void {
    const location = unit.fragment;
    if (location) this.#onDemand.push({ name, because: [...because, { unit: name, by: triggerWord(unit), location }] });
  }
}

function triggerWord(unit: LoadedUnit): string {
  return unit.name.type === 'socket' ? 'Sockets=' : `triggered by ${unit.name.type}`;
}

/** On NixOS /etc/systemd/system is a directory of the store: nothing can be enabled in it. */
function isInStore({ view }: UnitSet): boolean {
  return view.resolve('/etc/systemd/system').path.startsWith('/nix/store/');
}

/** Links that presets make at a first boot, by the unit that will pull. */
function firstBootLinks(set: UnitSet): ReadonlyMap<string, readonly PullStep[]> {
  const steps = new Map<string, PullStep[]>();
  const enabled = presetCandidates(
    set,
    (name) => set.presets.decide(name).action === 'enable' && set.mayHaveInstall(name),
  );
  for (const [path] of linksOfEnabling(set, enabled)) {
    const [, from, name] = /\/([^/]+)\.(?:wants|requires|upholds)\/([^/]+)$/.exec(path) ?? [];
    if (from === undefined || name === undefined) continue;
    const location = set.presets.decide(name).location ?? set.load(name)?.fragment;
    if (location) steps.set(from, [...(steps.get(from) ?? []), { unit: name, by: 'preset at first boot', location }]);
  }
  return steps;
}
