/**
 * A unit that cannot be started because of what it requires: a start job whose requirements lead to a unit that cannot be loaded is taken
 * back, whoever asks; before systemd 254 it stayed for who only wants it. transaction.c (transaction_add_job_and_dependencies).
 */
import type { Location } from '../../location.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { type Requirement, requirementsOf } from './requirements.ts';
import type { UnitSet } from './unit-set.ts';

export interface StartRefusal {
  /** `Requires=gone.service, which does not exist`. */
  readonly text: string;
  /** The line or link that requires it; absent where nothing of the image does. */
  readonly location: Location | undefined;
  /** How the unit asked for requires what cannot be started. */
  readonly kind: Requirement['kind'];
  /** The unit that cannot be loaded. */
  readonly required: LoadedUnit;
}

/** Why a unit cannot be loaded, in words. */
export const loadReasons: Readonly<Record<Exclude<LoadedUnit['loadState'], 'loaded'>, string>> = {
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
    const requiredBy = new Map<LoadedUnit, Step | undefined>([[unit, undefined]]);
    for (const each of requiredBy.keys()) {
      let refusal = this.#refusalOf(each, requiredBy);
      if (!refusal) continue;
      this.#known.set(each, refusal);
      for (let step = requiredBy.get(each); step; step = requiredBy.get(step.by)) {
        refusal = { ...refusal, kind: step.kind };
        this.#known.set(step.by, refusal);
      }
      return refusal;
    }
    for (const each of requiredBy.keys()) this.#known.set(each, undefined);
    return undefined;
  }

  #refusalOf(unit: LoadedUnit, requiredBy: Map<LoadedUnit, Step | undefined>): StartRefusal | undefined {
    for (const { kind, name, text, location } of requirementsOf(this.#set, unit)) {
      const required = this.#set.load(name);
      if (!required) continue;
      if (required.loadState !== 'loaded')
        return { text: `${text}, which ${loadReasons[required.loadState]}`, location, kind, required };
      if (kind === 'Requisite') continue;
      const known = this.#known.get(required);
      if (known) return { ...known, kind };
      if (!this.#known.has(required) && !requiredBy.has(required)) requiredBy.set(required, { by: unit, kind });
    }
    return undefined;
  }
}

/** The unit that requires another, and how. */
interface Step {
  readonly by: LoadedUnit;
  readonly kind: Requirement['kind'];
}
