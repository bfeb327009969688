/** Puts waivers on the failures they cover. Nothing disappears: a covered failure stays a failure, with its waiver. */
import type { CheckResult } from '../check.ts';
import type { WaiverRule } from './waiver-rule.ts';
import { covers, type Judged } from './waiver-scope.ts';

/** `today` is `2026-11-30`; a waiver holds to the end of its last day. */
export function isExpired({ expires }: WaiverRule, today: string): boolean {
  return expires < today;
}

/** The first waiver that covers a failure counts, one that names its check before those of several. */
export function applyWaivers(
  results: readonly CheckResult[],
  waivers: readonly WaiverRule[],
  judged: Judged,
  today: string,
): readonly CheckResult[] {
  const valid = waivers.filter((waiver) => !isExpired(waiver, today));
  return results.map((result) => {
    const covering = valid.filter((one) => covers(one, result, judged));
    const waiver = covering.find(({ rule }) => rule === result.id) ?? covering[0];
    if (!waiver) return result;
    const { reason, owner, expires, location } = waiver;
    return { ...result, waiver: { by: 'waiver', reason, owner, expires, location } };
  });
}
