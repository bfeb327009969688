/**
 * What becomes of a unit that something pulls in: whether a conflict takes it out of the boot, and whether its start is in vain. Its own
 * conditions are told already.
 */
import { BootConflicts, type ConflictContext } from './boot-conflicts.ts';
import { type StartContext, StartOutcomes } from './start-outcome.ts';
import type { UnitStart } from './unit-fact.ts';

export type JudgeContext = StartContext & ConflictContext;

export class StartJudge {
  readonly #context: JudgeContext;
  readonly #outcomes: StartOutcomes;
  readonly #conflicts: BootConflicts;
  /** The start of a target that cannot be isolated takes along what only losers pull in. */
  readonly #isolates: boolean;

  constructor(context: JudgeContext) {
    const { target, startOf } = context;
    this.#context = context;
    this.#isolates = target?.flag('Unit.AllowIsolate') === true;
    this.#conflicts = new BootConflicts(context);
    this.#outcomes = new StartOutcomes({
      ...context,
      startOf: (id) => {
        const start = startOf(id);
        return start && this.#withConflicts(start);
      },
    });
  }

  /** The same, or why it never starts or may not. */
  judge(pulled: UnitStart): UnitStart {
    const start = this.#withConflicts(pulled);
    if (start.state === 'never') return start;
    const unit = this.#context.set.load(start.unit);
    if (unit?.loadState !== 'loaded' || (pulled.state !== 'boot' && pulled.state !== 'demand')) return start;
    const { state, text, location } = this.#outcomes.find(unit);
    if (text === undefined || (state === 'open' && start.state === 'unknown')) return start;
    return withReason(start, state === 'fails' ? 'never' : 'unknown', text, location);
  }

  #withConflicts(start: UnitStart): UnitStart {
    if (start.state !== 'boot') return start;
    const steps = this.#isolates ? [] : start.because.map(({ unit }) => unit);
    for (const id of new Set([start.unit, ...steps])) {
      const unit = this.#context.set.load(id);
      const lost = unit?.loadState === 'loaded' ? this.#conflicts.find(unit) : undefined;
      if (!lost) continue;
      const isSure = lost.state === 'lost' && id === start.unit;
      return withReason(start, isSure ? 'never' : 'unknown', lost.text, lost.location);
    }
    return start;
  }
}

function withReason(
  { unit, because }: UnitStart,
  state: 'never' | 'unknown',
  text: string,
  location: UnitStart['skippedAt'],
): UnitStart {
  return { unit, because, state, skippedBecause: text, ...(location ? { skippedAt: location } : {}) };
}
