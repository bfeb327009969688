/** What a check is shown of the facts: those it declared, and a record of the gaps in what it looked at. */
import { type FactId, type FactResult, type Gap, leastSure, type Standing } from '../facts/fact.ts';
import type { FactTypes } from '../facts/fact-types.ts';
import type { FactLookup } from './check.ts';

/** Where facts come from: a FactStore, or a stub in tests. */
export interface FactSource {
  /** Awaited with the facts that are about to be asked for: some load a parser first. */
  prepare?(facts: Iterable<FactId>): Promise<void>;
  get<K extends FactId>(fact: K, key?: string): FactResult<FactTypes[K]>;
  /** How sure the least sure answer is that a fact was read from. */
  standingOf?(fact: FactId, key?: string): Standing | undefined;
}

/** A question of a check to the facts. */
export interface Look {
  readonly fact: FactId;
  readonly key: string;
  /** The parts it relies on, all of it unless given. */
  readonly records?: readonly string[];
}

interface Question extends Look {
  readonly gaps: readonly Gap[];
}

/** Lets a check see the facts it declared, and knows the first gap that touches what it looked at. */
export class RecordingLookup implements FactLookup {
  readonly #facts: FactSource;
  readonly #needs: readonly FactId[];
  readonly #questions: Question[] = [];
  #standing: Standing = 'present';

  constructor(facts: FactSource, needs: readonly FactId[]) {
    this.#facts = facts;
    this.#needs = needs;
  }

  get<K extends FactId>(fact: K, key = '', records?: readonly string[]): FactTypes[K] {
    if (!this.#needs.includes(fact)) throw new Error(`a check reads the fact ${fact} without declaring it`);
    const { value, gaps } = this.#facts.get(fact, key);
    this.#questions.push({ fact, key, gaps, ...(records ? { records } : {}) });
    this.#standing = leastSure(this.#standing, this.#facts.standingOf?.(fact, key) ?? 'present');
    return value;
  }

  /** What the check looked at, in its order. */
  get looks(): readonly Look[] {
    return this.#questions.map(({ gaps: _, ...look }) => look);
  }

  /** Of everything the check looked at, the least sure. */
  get standing(): Standing {
    return this.#standing;
  }

  /** To be asked after the check: some facts meet the damage only while they are looked into. */
  get gap(): Gap | undefined {
    for (const { gaps, records } of this.#questions) {
      const gap = gaps.find(({ keys }) => !keys || !records || keys.some((one) => records.includes(one)));
      if (gap) return gap;
    }
    return undefined;
  }
}
