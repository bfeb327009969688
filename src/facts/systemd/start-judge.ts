/** What becomes of a unit that something pulls in: whether its start can fail, be skipped, or is surely in vain. */
import { type StartContext, StartOutcomes } from './start-outcome.ts';
import type { UnitStart } from './unit-fact.ts';

export class StartJudge {
  readonly #context: StartContext;
  readonly #outcomes: StartOutcomes;

  constructor(context: StartContext) {
    this.#context = context;
    this.#outcomes = new StartOutcomes(context);
  }

  /** The same, or why it never starts or may not. Own conditions are told already. */
  judge(start: UnitStart): UnitStart {
    const unit = this.#context.set.load(start.unit);
    if (unit?.loadState !== 'loaded' || (start.state !== 'boot' && start.state !== 'demand')) return start;
    const { state, text, location } = this.#outcomes.find(unit);
    if (text === undefined) return start;
    const because = { skippedBecause: text, ...(location ? { skippedAt: location } : {}) };
    return { unit: start.unit, because: start.because, state: state === 'fails' ? 'never' : 'unknown', ...because };
  }
}
