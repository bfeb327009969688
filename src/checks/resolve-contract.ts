/**
 * A contract as it is for one kind of node: parameters given or by default, the names of its concepts filled in, what the
 * platform changes put in place. What an image would have to tell stays open.
 */
import { bindContract, conditionState, fillOptions, fillText } from './binding.ts';
import type { Severity } from './check.ts';
import type { AssertionUse, Contract } from './contract.ts';

export interface ResolvedCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** How the check is judged; `open` hangs on a parameter that is not given. */
  readonly state: 'judged' | 'open' | 'skipped' | 'undecidable';
  /** Why it is not judged, or what it hangs on. */
  readonly because?: string;
  /** With names filled in; `<name>` where only an image can tell. */
  readonly claims: readonly Pick<AssertionUse, 'kind' | 'options'>[];
}

/** Checks of other roles, environments and platforms are left out. */
export function resolveContract(contract: Contract, set: ReadonlyMap<string, string>): readonly ResolvedCheck[] {
  const { values } = bindContract(contract, set, () => ({ value: undefined, evidence: [] }));
  const platform = values.get('platform');
  return contract.checks.flatMap((check): ResolvedCheck[] => {
    const condition = check.when ? conditionState(check.when, values) : 'holds';
    if (condition === 'fails') return [];
    const own = platform === undefined ? undefined : check.platforms[platform];
    const override = own ?? (platform === 'isar' ? check.platforms.debian : undefined);
    const left = check.skip ?? override?.skip ?? (override ? undefined : contract.platforms[platform ?? '']?.skip);
    const uses = override?.assertions ?? check.assertions;
    const base = {
      id: check.id,
      title: fillText(check.title, values).text,
      severity: override?.severity ?? check.severity,
      claims:
        left === undefined
          ? uses.map(({ kind, options }) => ({ kind, options: fillOptions(options, values).text }))
          : [],
    };
    if (left !== undefined) return [{ ...base, state: 'skipped', because: left }];
    if (condition !== 'holds') return [{ ...base, state: 'open', because: `depends on ${condition.undetermined}` }];
    if (check.undecidable !== undefined) return [{ ...base, state: 'undecidable', because: check.undecidable }];
    return [{ ...base, state: 'judged' }];
  });
}
