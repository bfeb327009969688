/**
 * Runs lint rules on the facts of one image: a result for each finding, or one that says the rule holds. Gaps in what a rule
 * looked at are "cannot tell", as they are for the checks of a contract.
 */
import type { CheckResult, Verdict } from '../check.ts';
import { type FactSource, RecordingLookup } from '../recording-lookup.ts';
import type { Judgement } from '../result.ts';
import { basisOf, fail, inconclusive, pass, skip } from '../verdict.ts';
import type { AnyLintRule, LintCost, LintFinding, LintOptionValue } from './lint-rule.ts';
import type { LintPlan } from './select-rules.ts';

/** Options by `rule.option`; what is not given has the rule's default. */
export type LintSettings = ReadonlyMap<string, LintOptionValue>;

export interface LintRun {
  readonly settings?: LintSettings;
  /** What the run may cost; a rule that was named costs what it costs. */
  readonly cost?: LintCost;
  /** Ids the user leaves out: they end in skip, and stay visible. */
  readonly isLeftOut?: (id: string) => boolean;
}

/** A judgement with what lint says behind the checks of the contract. */
export async function addLint(
  judgement: Judgement,
  { rules, settings, profiles, cost, dearer }: LintPlan,
  facts: FactSource,
  { isLeftOut }: Pick<LintRun, 'isLeftOut'>,
): Promise<Judgement> {
  const results = await runLint(rules, facts, { settings, cost, ...(isLeftOut ? { isLeftOut } : {}) });
  return {
    ...judgement,
    results: [...judgement.results, ...results],
    lint: { profiles, cost, rules: rules.length, dearer },
  };
}

/** In the order of the rules, each rule's findings in the order it says them. */
export async function runLint(
  rules: readonly AnyLintRule[],
  facts: FactSource,
  { settings = new Map(), cost, isLeftOut = () => false }: LintRun = {},
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const rule of rules) {
    if (isLeftOut(rule.id)) {
      results.push(toResult(rule, skip('left out by --skip')));
      continue;
    }
    await facts.prepare?.(rule.needs);
    results.push(...runRule(rule, facts, settings, cost ?? rule.cost));
  }
  return results;
}

function runRule(rule: AnyLintRule, facts: FactSource, settings: LintSettings, cost: LintCost): readonly CheckResult[] {
  const lookup = new RecordingLookup(facts, rule.needs);
  const reason = rule.skip?.(lookup);
  const findings = reason === undefined ? [...rule.run(lookup, optionsOf(rule, settings) as never, cost)] : [];
  const { gap, standing } = lookup;
  const based = (result: CheckResult): CheckResult => ({ ...result, ...basisOf(result.verdict, standing) });
  const kept = gap && !rule.standsAlone ? [] : findings.map((finding) => based(findingResult(rule, finding)));
  if (gap) return [...kept, based(toResult(rule, inconclusive(gap.cause.message, gap.cause.location)))];
  if (reason !== undefined) return [toResult(rule, skip(reason))];
  return kept.length > 0 ? kept : [based(toResult(rule, pass()))];
}

function optionsOf({ id, options = {} }: AnyLintRule, settings: LintSettings): Readonly<Record<string, unknown>> {
  const named = Object.entries(options);
  return Object.fromEntries(named.map(([name, option]) => [name, settings.get(`${id}.${name}`) ?? option.default]));
}

function findingResult(rule: AnyLintRule, finding: LintFinding): CheckResult {
  const { subject, message: key, data = {}, ...details } = finding;
  const sentence = rule.messages[key];
  if (sentence === undefined) throw new Error(`the rule ${rule.id} has no message ${key}`);
  return { ...toResult(rule, fail(fillSentence(sentence, data), details)), subject };
}

/** One pass, so that a name from an image that looks like `{name}` stays what it is. */
function fillSentence(sentence: string, data: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{([a-z]+)\}/gi, (whole, name: string) => String(data[name] ?? whole));
}

function toResult({ id, title, many, severity, why, fix, references }: AnyLintRule, verdict: Verdict): CheckResult {
  return { id, origin: 'lint', title, many, severity, why, fix, references, verdict };
}
