/**
 * Judging one image: binds the contract, runs every check on the facts it declared, and turns gaps in that evidence into
 * "cannot tell". Pure but for the facts it is handed.
 */
import { type Gap, leastSure, type Standing } from '../facts/fact.ts';
import { assertions } from './assertions/registry.ts';
import { type Binding, bindContract, conditionState, fillOptions, fillText } from './binding.ts';
import type { CheckResult, Judge, Verdict } from './check.ts';
import type { AssertionUse, Condition, Contract, ContractCheck, PlatformOverride } from './contract.ts';
import { type Detection, detectors } from './detectors.ts';
import { type FactSource, type Look, RecordingLookup } from './recording-lookup.ts';
import type { Judgement } from './result.ts';
import { rules } from './rules/registry.ts';
import { basisOf, inconclusive, joinVerdicts, skip, undecidable } from './verdict.ts';

export type { FactSource } from './recording-lookup.ts';

export interface EvaluateOptions {
  /** Parameters given by the user. Names and values are checked when they are read. */
  readonly set: ReadonlyMap<string, string>;
  /** Ids to judge, all unless given. */
  readonly isSelected?: (id: string) => boolean;
  /** Ids the user leaves out: they end in skip, and stay visible. */
  readonly isLeftOut?: (id: string) => boolean;
  /** Told what each check that was judged looked at. */
  readonly onLooks?: (id: string, looks: readonly Look[]) => void;
}

/** Judges every selected check, in the order of the contract. */
export async function evaluate(contract: Contract, facts: FactSource, options: EvaluateOptions): Promise<Judgement> {
  const named = Object.values(contract.parameters).flatMap(({ detect: name }) => detectors[name ?? '']?.needs ?? []);
  await facts.prepare?.(['platform', ...named]);
  const binding = bindContract(contract, options.set, (name) => detect(name, facts, contract));
  const { isSelected = () => true, isLeftOut = () => false } = options;
  const verdicts = new Map<string, Judged>();
  for (const check of inOrderOfNeed(contract.checks, isSelected)) {
    const leftOut = isLeftOut(check.id);
    const judged = leftOut ? skipped('left out by --skip') : await judge(contract, check, binding, facts, verdicts);
    verdicts.set(check.id, judged);
    options.onLooks?.(check.id, judged.looks ?? []);
  }
  const results = contract.checks.flatMap((check) => {
    const judged = isSelected(check.id) ? verdicts.get(check.id) : undefined;
    return judged ? toResult(check, judged, binding) : [];
  });
  const { name, version, title } = contract;
  return { contract: { name, version, title }, parameters: binding.parameters, results };
}

/** A verdict, how sure the answers are that it rests on, and what was looked at for it, where anything was. */
interface Judged {
  readonly verdict: Verdict;
  readonly standing?: Standing;
  readonly looks?: readonly Look[];
  /** Whether the check applies is not known, and what it is about was not judged: checks that build on it judge for themselves. */
  readonly isUndetermined?: true;
}

const skipped = (reason: string): Judged => ({ verdict: skip(reason) });

/** The selected checks, each after those it needs, in the order of the contract otherwise. Nothing needs itself. */
function inOrderOfNeed(
  checks: readonly ContractCheck[],
  isSelected: (id: string) => boolean,
): readonly ContractCheck[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const seen = new Set<ContractCheck>();
  const ordered: ContractCheck[] = [];
  const visit = (check: ContractCheck): void => {
    if (seen.has(check)) return;
    seen.add(check);
    for (const needed of check.needs.flatMap((id) => byId.get(id) ?? [])) visit(needed);
    ordered.push(check);
  };
  for (const check of checks) if (isSelected(check.id)) visit(check);
  return ordered;
}

async function judge(
  contract: Contract,
  check: ContractCheck,
  binding: Binding,
  facts: FactSource,
  verdicts: ReadonlyMap<string, Judged>,
): Promise<Judged> {
  const platform = binding.values.get('platform');
  const override = platformOverride(check, platform);
  const left = check.skip ?? override?.skip ?? (override ? undefined : contract.platforms[platform ?? '']?.skip);
  if (left !== undefined) return skipped(left);
  const condition = check.when && conditionVerdict(check.when, binding);
  if (condition) return { verdict: condition, ...(condition.status === 'unknown' ? { isUndetermined: true } : {}) };
  if (check.undecidable !== undefined) return { verdict: undecidable(check.undecidable) };
  for (const id of check.needs) {
    const { verdict, isUndetermined = false } = verdicts.get(id) ?? {};
    if (verdict?.status === 'unknown' && !isUndetermined)
      return { verdict: inconclusive(`needs ${id}, which could not be judged`) };
    if (verdict?.status === 'fail') return skipped(`needs ${id}, which failed`);
  }
  const uses = override?.assertions ?? check.assertions;
  const severity = override?.severity ?? check.severity;
  const parts: Verdict[] = [];
  const looks: Look[] = [];
  let standing: Standing = 'present';
  for (const use of uses) {
    const part = await judgeUse(use, binding, facts);
    parts.push(part.verdict);
    standing = leastSure(standing, part.standing ?? 'present');
    looks.push(...(part.looks ?? []));
  }
  return { verdict: joinVerdicts(parts, severity), standing, looks };
}

/** The override of the platform; an ISAR image is a Debian image unless the contract says more. */
function platformOverride(check: ContractCheck, platform: string | undefined): PlatformOverride | undefined {
  if (platform === undefined) return undefined;
  return check.platforms[platform] ?? (platform === 'isar' ? check.platforms.debian : undefined);
}

function conditionVerdict(when: Condition, binding: Binding): Verdict | undefined {
  const state = conditionState(when, binding.values);
  if (state === 'holds') return undefined;
  if (state !== 'fails') return undetermined(state.undetermined, binding);
  const words = Object.entries(when).map(([name, values]) => `${name} ${values.join(' or ')}`);
  return skip(`only for ${words.join(', ')}`);
}

/** A check hangs on a parameter nobody knows: what was seen of it is the evidence. */
function undetermined(name: string, { parameters }: Binding): Verdict {
  const parameter = parameters.find((one) => one.name === name);
  const why = parameter?.damage === undefined ? 'the image does not say' : `cannot tell (${parameter.damage})`;
  return inconclusive(`${why} what ${name} is: give it with --set ${name}=...`, parameter?.evidence);
}

async function judgeUse(use: AssertionUse, binding: Binding, facts: FactSource): Promise<Judged> {
  const { text: options, missing } = fillOptions(use.options, binding.values);
  if (missing[0] !== undefined) return { verdict: missingName(missing[0], binding) };
  const judge: Judge<never> | undefined = use.kind === 'rule' ? rules[String(options.name)] : assertions[use.kind];
  if (!judge) throw new Error(`no judge for ${use.kind}`);
  await facts.prepare?.(judge.needs);
  const lookup = new RecordingLookup(facts, judge.needs);
  const verdict = await judge.evaluate(options as never, lookup);
  const { gap, standing, looks } = lookup;
  return { verdict: gap ? fromGap(gap) : verdict, standing, looks };
}

/** A parameter nobody knows, or a concept that has no name in this role or on this platform. */
function missingName(name: string, binding: Binding): Verdict {
  const unknown = binding.parameters.find((parameter) => parameter.value === undefined);
  if (binding.parameters.some((parameter) => parameter.name === name)) return undetermined(name, binding);
  return unknown ? undetermined(unknown.name, binding) : skip(`the contract names no ${name} for this image`);
}

function fromGap(gap: Gap): Verdict {
  return inconclusive(gap.cause.message, gap.cause.location);
}

function detect(name: string, facts: FactSource, contract: Contract): Detection {
  const detector = detectors[name];
  if (!detector) throw new Error(`no detector ${name}`);
  const lookup = new RecordingLookup(facts, detector.needs);
  const detection = detector.detect(lookup, contract);
  const { gap } = lookup;
  if (!gap) return detection;
  const { message, location } = gap.cause;
  return { value: undefined, evidence: location ? [{ role: 'unreadable', location }] : [], damage: message };
}

function toResult(check: ContractCheck, { verdict, standing }: Judged, { values }: Binding): CheckResult {
  const override = platformOverride(check, values.get('platform'));
  const fix = override?.fix ?? check.fix;
  return {
    id: check.id,
    title: fillText(check.title, values).text,
    severity: override?.severity ?? check.severity,
    ...(check.why === undefined ? {} : { why: fillText(check.why, values).text }),
    ...(fix === undefined ? {} : { fix: fillText(fix, values).text }),
    references: check.references,
    contract: check.location,
    verdict,
    ...basisOf(verdict, standing),
  };
}
