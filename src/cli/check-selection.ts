/** `--only` and `--skip`: ids, or their beginnings with a `*`. */
import type { Contract } from '../checks/contract.ts';
import { hintFor } from '../checks/language/nearest-name.ts';
import { UsageError } from './usage-error.ts';

export interface Selection {
  readonly isSelected: (id: string) => boolean;
  readonly isLeftOut: (id: string) => boolean;
  /** Whether `--only` means this lint rule, not everything. */
  readonly isNamed: (id: string) => boolean;
}

/** Throws UsageError for a pattern that names no check: a typo must not empty the gate. */
export function selectChecks(
  contract: Contract,
  lintRules: readonly { readonly id: string }[],
  only: readonly string[],
  skip: readonly string[],
): Selection {
  const ids = [...contract.checks, ...lintRules].map(({ id }) => id);
  for (const pattern of [...only, ...skip]) {
    if (!ids.some((id) => matchesId(pattern, id)))
      throw new UsageError(`the contract ${contract.name} has no check ${pattern}`, hintFor(pattern, ids));
  }
  return {
    isSelected: (id) => only.length === 0 || only.some((pattern) => matchesId(pattern, id)),
    isNamed: (id) => only.some((pattern) => pattern.includes('/') && matchesId(pattern, id)),
    isLeftOut: (id) => skip.some((pattern) => matchesId(pattern, id)),
  };
}

function matchesId(pattern: string, id: string): boolean {
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}
