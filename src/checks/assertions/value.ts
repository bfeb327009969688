/** Judging one value of a thing against the contract's matcher: the sentence, the grade, the evidence. */
import type { Evidence, Verdict } from '../check.ts';
import type { Domain } from '../matchers/domain.ts';
import { formatMatcher, gradeValue, type Matcher } from '../matchers/matcher.ts';
import type { VersionScheme } from '../matchers/version.ts';
import { fail, inconclusive, pass } from '../verdict.ts';

export interface ValueClaim {
  /** What the sentence is about: `KillMode of k3s-server.service`. */
  readonly subject: string;
  readonly wanted: Matcher;
  /** Undefined: the thing has no such value. */
  readonly found: string | undefined;
  /** What to say for a missing value: `is not set`, `has no version`. */
  readonly missing?: string;
  readonly domain: Domain;
  readonly scheme?: VersionScheme;
  readonly evidence: readonly Evidence[];
}

/** Equal passes, accepted passes with a note, tolerated is a should, everything else fails. */
export function judgeClaim(claim: ValueClaim): Verdict {
  const { subject, wanted, found, domain, evidence } = claim;
  const grade = gradeValue(wanted, found, domain, claim.scheme);
  if (grade === 'undecided') return inconclusive(`${subject}: the pattern takes too long on this text`);
  if (grade === 'equal') return pass(undefined, evidence);
  const expected = formatMatcher(wanted);
  const is = found === undefined ? (claim.missing ?? 'is not set') : `is ${found === '' ? 'empty' : found}`;
  if (grade === 'accepted') return pass(`${subject} ${is}, the contract says ${expected}`, evidence);
  return fail(`${subject} ${is}, ${expected} wanted`, {
    expected,
    ...(found === undefined ? {} : { found }),
    evidence,
    severity: grade === 'tolerated' ? 'should' : undefined,
  });
}
