/**
 * `unit`: a unit as systemd would load it. One claim a use: that it can be loaded, that it is started at boot, or what a
 * directive is after all drop-ins.
 */
import type { Directive, StartupFact, UnitFact, UnitStart } from '../../facts/systemd/unit-fact.ts';
import type { Evidence, FactLookup, Judge, Verdict } from '../check.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { at, fail, inconclusive, pass, skip } from '../verdict.ts';
import { directiveRow } from './directive-domains.ts';
import { judgeClaim } from './value.ts';

export interface UnitOptions {
  readonly name: string;
  readonly loaded?: true;
  readonly started?: 'boot' | 'never';
  /** `Section.Key`. */
  readonly directive?: string;
  readonly value?: Matcher;
  /** `skip` when another check of the contract judges that the unit is not masked. */
  readonly 'if-masked'?: 'skip';
}

export const unitAssertion: Judge<UnitOptions> = {
  id: 'unit',
  title: 'A systemd unit can be loaded, is started at boot, or has a directive with a value',
  needs: ['unit', 'startup'],
  cannotFail: ({ loaded, started, directive, value }) => {
    if (loaded === undefined && started === undefined && directive === undefined)
      return 'nothing is said about the unit: use loaded, started or directive';
    if ((directive === undefined) !== (value === undefined)) return 'directive and value belong together';
    return directive === undefined || value === undefined
      ? undefined
      : matcherProblem(value, directiveRow(directive).domain);
  },
  evaluate: (options, facts) => {
    const unit = facts.get('unit', options.name);
    if (unit.loadState === 'masked' && options['if-masked'] === 'skip') return skip(`${unit.name} is masked`);
    if (options.started !== undefined) return judgeStart(unit, options.started, facts);
    if (unit.loadState !== 'loaded') return notLoaded(unit);
    if (options.directive === undefined || options.value === undefined)
      return pass(undefined, unit.fragment && [at(unit.fragment, 'loaded from')]);
    return judgeDirective(unit, options.directive, options.value);
  },
};

const loadStates: Readonly<Record<Exclude<UnitFact['loadState'], 'loaded'>, string>> = {
  masked: 'is masked',
  'not-found': 'does not exist in any directory systemd reads units from',
  error: 'cannot be parsed',
  'bad-setting': 'has a setting systemd refuses',
};

function notLoaded(unit: UnitFact): Verdict {
  if (unit.loadState === 'loaded') return pass();
  const problems = unit.problems.map(({ message, location }) => at(location, 'problem', message));
  const evidence = unit.fragment ? [at(unit.fragment, unit.loadState === 'masked' ? 'masked by' : 'at')] : [];
  return fail(`${unit.name} ${loadStates[unit.loadState]}`, {
    expected: 'loaded',
    found: unit.loadState,
    evidence: [...evidence, ...problems],
  });
}

function judgeStart(unit: UnitFact, wanted: 'boot' | 'never', facts: FactLookup): Verdict {
  const startup = facts.get('startup', '', [unit.name, unit.id]);
  const start = startOf(unit, startup);
  const evidence = startEvidence(unit, start);
  if (start?.state === 'unknown') {
    const why = start.skippedBecause === undefined ? '' : `: ${start.skippedBecause}`;
    return inconclusive(`whether ${unit.name} is started cannot be told from the image${why}`, evidence);
  }
  if (wanted === 'never') {
    const starts = start !== undefined && start.state !== 'never' && start.state !== 'masked';
    if (!starts) return pass();
    return fail(`${unit.name} is started ${start.state === 'boot' ? 'at boot' : 'on demand'}`, {
      expected: 'never',
      found: start.state,
      evidence,
    });
  }
  if (unit.loadState !== 'loaded') return notLoaded(unit);
  if (start?.state === 'boot' && start.skippedBecause === undefined) return pass(undefined, evidence);
  const found = start?.skippedBecause ?? (start?.state === 'demand' ? 'started on demand only' : unit.unitFileState);
  const target = startup.defaultTarget?.unit ?? 'default.target';
  return fail(`${unit.name} is not started at boot: ${notStarted(unit, start, target)}`, {
    expected: 'started at boot',
    found,
    evidence: evidence.length > 0 ? evidence : unit.fragment ? [at(unit.fragment)] : [],
  });
}

const startOf = (unit: UnitFact, startup: StartupFact): UnitStart | undefined =>
  startup.units[unit.id] ?? startup.units[unit.name];

function notStarted(unit: UnitFact, start: UnitStart | undefined, target: string): string {
  if (start?.skippedBecause !== undefined) return start.skippedBecause;
  if (start?.state === 'demand') return 'it waits for something to ask for it';
  return `nothing that ${target} pulls in wants it (its state is ${unit.unitFileState})`;
}

function startEvidence(unit: UnitFact, start: UnitStart | undefined): Evidence[] {
  const pulled = (start?.because ?? []).map((step) => at(step.location, 'pulled in by', `${step.unit} ${step.by}`));
  const steps = start?.skippedAt ? [...pulled, at(start.skippedAt, 'set by', start.skippedBecause)] : pulled;
  return unit.loadState === 'masked' && unit.fragment ? [at(unit.fragment, 'masked by'), ...steps] : steps;
}

function judgeDirective(unit: UnitFact, name: string, wanted: Matcher): Verdict {
  const row = directiveRow(name);
  const directive = unit.directives[name];
  const key = name.slice(name.indexOf('.') + 1);
  const found = row.effective?.(unit) ?? effectiveValue(directive) ?? row.default;
  return judgeClaim({
    subject: `${key} of ${unit.name}`,
    wanted,
    found,
    missing: 'is not set',
    domain: row.domain,
    evidence: directiveEvidence(unit, key, directive),
  });
}

/** The one assignment of a scalar, or all of a list joined by blanks. What systemd refuses is not among them. */
function effectiveValue(directive: Directive | undefined): string | undefined {
  const values = directive?.values.map(({ value }) => value) ?? [];
  return values.length === 0 ? undefined : values.join(' ');
}

export function directiveEvidence(unit: UnitFact, key: string, directive: Directive | undefined): Evidence[] {
  if (!directive) return unit.fragment ? [at(unit.fragment, 'not set in')] : [];
  return [
    ...directive.values.map(({ value, location }) => at(location, 'set by', `${key}=${value}`)),
    ...directive.beats.map(({ value, location }) => at(location, 'beats', `${key}=${value}`)),
  ];
}
