/** What a plan selects: checks of the contract, and lint rules. The rules are loaded only where some are asked for. */
import { type LintPlan, selectRules } from '../../checks/lint/select-rules.ts';
import { type Selection, selectChecks } from '../check-selection.ts';
import type { JudgePlan } from './judge-plan.ts';

/** Throws UsageError for a pattern that names nothing. */
export async function selectFrom({
  contract,
  only,
  skip,
  lint,
}: Pick<JudgePlan, 'contract' | 'only' | 'skip' | 'lint'>): Promise<{
  readonly selection: Selection;
  readonly lint: LintPlan | undefined;
}> {
  const namesLint = [...only, ...skip].some((pattern) => pattern.includes('/'));
  const rules = lint || namesLint ? (await import('../../checks/lint/registry.ts')).lintRules : [];
  const across = isNamed(only, skip, 'K3S-CLU')
    ? (await import('../../checks/cluster/cluster-checks.ts')).clusterChecks
    : [];
  const selection = selectChecks(contract, [...rules, ...across], only, skip);
  return { selection, lint: lint && selectRules(rules, lint, selection) };
}

function isNamed(only: readonly string[], skip: readonly string[], start: string): boolean {
  return [...only, ...skip].some((pattern) => pattern.startsWith(start));
}
