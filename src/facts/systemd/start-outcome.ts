/**
 * What becomes of a start job once its turn comes, as far as files decide it: requirements that fail, end or are skipped, conditions, and
 * units to trigger that are not there. job.c (job_finish_and_invalidate), unit.c (unit_start, unit_verify_deps, unit_test_trigger_loaded).
 * Whether programs succeed, and devices appear, is not asked: they are taken to.
 */
import type { Location } from '../../location.ts';
import { findFailedCondition } from './conditions.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { isPerpetual } from './perpetual.ts';
import { type Requirement, requirementsOf } from './requirements.ts';
import { orderOfStart } from './start-order.ts';
import { loadReasons, type StartRefusals } from './start-refusal.ts';
import { triggeredUnits } from './triggers.ts';
import type { UnitStart } from './unit-fact.ts';
import type { UnitSet } from './unit-set.ts';
import { serviceType } from './verify-unit.ts';

/** A unit `ends` that is not active any more once its start is done; `open` is one of several of these. */
export interface StartOutcome {
  readonly state: 'runs' | 'ends' | 'skipped' | 'fails' | 'open';
  /** Of a unit that fails or may fail because of another: `Requires=a.service, which fails`. */
  readonly text?: string;
  readonly location?: Location;
}

const runs: StartOutcome = { state: 'runs' };
/** Types whose start does nothing that could fail, or that only hardware decides. */
const outside: ReadonlySet<string> = new Set(['device', 'scope']);

/** What the outcome of one unit rests on besides its files. */
export interface StartContext {
  readonly set: UnitSet;
  readonly refusals: StartRefusals;
  /** How the unit of that id is started; undefined if nothing starts it. */
  readonly startOf: (id: string) => UnitStart | undefined;
  /** Whether a unit that is not there may be made at boot, or hidden by damage. */
  readonly mayBeThere: (unit: LoadedUnit) => boolean;
  /** Told of each unit that an answer rests on. */
  readonly rely: (unit: LoadedUnit) => void;
}

export class StartOutcomes {
  readonly #context: StartContext;
  /** undefined while a unit waits for the answers about those it requires. */
  readonly #known = new Map<LoadedUnit, StartOutcome | undefined>();

  constructor(context: StartContext) {
    this.#context = context;
  }

  /** Of a loaded unit that something starts. Those that require each other in a circle are taken to run. */
  find(unit: LoadedUnit): StartOutcome {
    const waiting = [unit];
    for (let one = waiting.at(-1); one !== undefined; one = waiting.at(-1)) {
      const isNew = !this.#known.has(one);
      if (isNew) this.#known.set(one, undefined);
      const unknown = isNew ? this.#required(one).filter((each) => !this.#known.has(each)) : [];
      if (unknown.length > 0) waiting.push(...unknown);
      else {
        waiting.pop();
        if (!this.#known.get(one)) this.#known.set(one, this.#outcomeOf(one));
      }
    }
    return this.#known.get(unit) ?? runs;
  }

  #required(unit: LoadedUnit): readonly LoadedUnit[] {
    return requirementsOf(this.#context.set, unit).flatMap(({ name }) => {
      const required = this.#context.set.load(name);
      return required?.loadState === 'loaded' ? [required] : [];
    });
  }

  #outcomeOf(unit: LoadedUnit): StartOutcome {
    if (outside.has(unit.name.type)) return runs;
    const { set, refusals, rely } = this.#context;
    rely(unit);
    const answers = requirementsOf(set, unit).map((each) => this.#answerOf(unit, each));
    const failed = answers.find((each) => each?.state === 'fails');
    // Of a job that was half made nobody knows which requirements it got.
    if (failed) return refusals.find(unit) ? { ...failed, state: 'open' } : failed;
    const open = answers.find((each) => each?.state === 'open');
    const condition = findFailedCondition(set, unit);
    if (condition?.kind === 'condition') return open ?? { state: 'skipped' };
    if (condition) return { state: 'fails' };
    return this.#missingTrigger(unit) ?? open ?? { state: endsByItself(unit) ? 'ends' : 'runs' };
  }

  /** What a requirement does to the start; undefined if nothing. */
  #answerOf(unit: LoadedUnit, { kind, name, text, location }: Requirement): StartOutcome | undefined {
    const required = this.#context.set.load(name);
    if (!required || outside.has(required.name.type)) return undefined;
    const { state, why } = this.#stateOf(required, kind);
    if (state === 'runs' || (kind === 'Requires' && state !== 'fails' && state !== 'open')) return undefined;
    const order = required.loadState === 'loaded' ? orderOfStart(this.#context.set, unit, required) : 'after';
    if (order === 'before' && !(kind === 'BindsTo' && state === 'ends')) return undefined;
    const because = { text: `${text}, which ${why}`, ...(location ? { location } : {}) };
    return { state: order === 'after' && state !== 'open' ? 'fails' : 'open', ...because };
  }

  #stateOf(required: LoadedUnit, kind: Requirement['kind']): { state: StartOutcome['state']; why: string } {
    if (required.loadState !== 'loaded')
      return { state: kind === 'BindsTo' ? 'skipped' : 'runs', why: loadReasons[required.loadState] };
    if (kind === 'Requisite' && !isPerpetual(required.name)) {
      const { state } = this.#context.startOf(required.id) ?? { state: 'never' };
      if (state === 'never' || state === 'masked')
        return { state: mayRunAlready(required) ? 'open' : 'fails', why: 'is not started' };
      if (state !== 'boot') return { state: 'open', why: whys.open };
    }
    const { state } = this.#known.get(required) ?? runs;
    return { state, why: whys[state] };
  }

  /** Sockets, timers and paths are not started for a unit that cannot be loaded. */
  #missingTrigger(unit: LoadedUnit): StartOutcome | undefined {
    if (!['socket', 'timer', 'path'].includes(unit.name.type) || unit.flag('Socket.Accept') === true) return undefined;
    for (const name of triggeredUnits(unit)) {
      const triggered = this.#context.set.load(name);
      if (!triggered || triggered.loadState === 'loaded') continue;
      this.#context.rely(triggered);
      const text = `${name}, which it would start and which ${loadReasons[triggered.loadState]}`;
      const state = this.#context.mayBeThere(triggered) ? 'open' : 'fails';
      return { state, text, ...(unit.fragment ? { location: unit.fragment } : {}) };
    }
    return undefined;
  }
}

const whys: Readonly<Record<StartOutcome['state'], string>> = {
  runs: 'runs',
  ends: 'has ended by then',
  skipped: 'is skipped',
  fails: 'fails',
  open: 'may not be started',
};

/** What the initrd or the kernel mounts is there without a job. */
function mayRunAlready({ name }: LoadedUnit): boolean {
  return name.type === 'mount' || name.type === 'swap';
}

/** Once what it does is done, a oneshot service is as if it had never been started. */
function endsByItself(unit: LoadedUnit): boolean {
  if (unit.name.type !== 'service' || serviceType(unit) !== 'oneshot') return false;
  return unit.flag('Service.RemainAfterExit') !== true;
}
