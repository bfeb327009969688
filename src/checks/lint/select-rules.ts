/** Which lint rules run: those of the chosen profiles that cost no more than was asked for, or those that were named. */
import { type AnyLintRule, type LintCost, type LintOptionValue, type LintProfile, lintCosts } from './lint-rule.ts';

export interface LintRequest {
  readonly profiles: readonly LintProfile[];
  readonly cost: LintCost;
  /** Options by `rule.option`; what is not given has the rule's default. */
  readonly settings: ReadonlyMap<string, LintOptionValue>;
}

export interface LintPlan extends LintRequest {
  readonly rules: readonly AnyLintRule[];
  /** Rules of these profiles that cost more than was asked for. */
  readonly dearer: number;
}

export interface RuleSelection {
  readonly isSelected: (id: string) => boolean;
  /** Whether this rule was meant, not everything. */
  readonly isNamed: (id: string) => boolean;
}

/** A rule that is named is run whatever it costs and wherever it belongs. */
export function selectRules(
  all: readonly AnyLintRule[],
  { profiles, cost, settings }: LintRequest,
  { isSelected, isNamed }: RuleSelection,
): LintPlan {
  const offered = all.filter((rule) => isSelected(rule.id) && rule.profiles.some((one) => profiles.includes(one)));
  const affordable = offered.filter((rule) => lintCosts.indexOf(rule.cost) <= lintCosts.indexOf(cost));
  const rules = all.filter((rule) => affordable.includes(rule) || isNamed(rule.id));
  return { profiles, cost, settings, rules, dearer: offered.filter((rule) => !rules.includes(rule)).length };
}
