/**
 * A unit that cannot be started because of what it requires: a start job whose Requires=, BindsTo= or Requisite= leads to a unit that
 * cannot be loaded is not made at all, whoever asks. transaction.c (transaction_add_job_and_dependencies).
 */
import type { Location } from '../../location.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { namedUnits } from './pull-graph.ts';
import type { UnitSet } from './unit-set.ts';

export interface StartRefusal {
  /** `Requires=gone.service, which does not exist`. */
  readonly text: string;
  /** The line or link that requires it. */
  readonly location: Location;
  /** The unit that cannot be loaded. */
  readonly required: LoadedUnit;
}

interface Requirement {
  readonly kind: 'Requires' | 'BindsTo' | 'Requisite';
  readonly name: string;
  readonly location: Location;
}

const reasons: Readonly<Record<Exclude<LoadedUnit['loadState'], 'loaded'>, string>> = {
  'not-found': 'does not exist',
  masked: 'is masked',
  error: 'cannot be read',
  'bad-setting': 'has a setting systemd refuses',
};

/** Asks of any unit; what one answer says of the units on the way is kept for the next. */
export class StartRefusals {
  readonly #set: UnitSet;
  readonly #known = new Map<LoadedUnit, StartRefusal | undefined>();

  constructor(set: UnitSet) {
    this.#set = set;
  }

  /** The first such requirement of a unit or of those it requires in turn; undefined if its start job can be made. */
  find(unit: LoadedUnit): StartRefusal | undefined {
    if (this.#known.has(unit)) return this.#known.get(unit);
    /** Each unit on the way, with the one that requires it. */
    const requiredBy = new Map<LoadedUnit, LoadedUnit | undefined>([[unit, undefined]]);
    for (const each of requiredBy.keys()) {
      const refusal = this.#refusalOf(each, requiredBy);
      if (!refusal) continue;
      for (let one: LoadedUnit | undefined = each; one; one = requiredBy.get(one)) this.#known.set(one, refusal);
      return refusal;
    }
    for (const each of requiredBy.keys()) this.#known.set(each, undefined);
    return undefined;
  }

  #refusalOf(unit: LoadedUnit, requiredBy: Map<LoadedUnit, LoadedUnit | undefined>): StartRefusal | undefined {
    for (const { kind, name, location } of requirementsOf(unit)) {
      const required = this.#set.load(name);
      if (!required) continue;
      if (required.loadState !== 'loaded')
        return { text: `${kind}=${name}, which ${reasons[required.loadState]}`, location, required };
      if (kind === 'Requisite') continue;
      const known = this.#known.get(required);
      if (known) return known;
      if (!this.#known.has(required) && !requiredBy.has(required)) requiredBy.set(required, unit);
    }
    return undefined;
  }
}

function requirementsOf(unit: LoadedUnit): readonly Requirement[] {
  const links = unit.links.Requires.map(
    ({ unit: name, location }): Requirement => ({ kind: 'Requires', name, location }),
  );
  const named = (['Requires', 'BindsTo', 'Requisite'] as const).flatMap((kind) =>
    namedUnits(unit, kind).map((one): Requirement => ({ kind, ...one })),
  );
  return [...links, ...named];
}
