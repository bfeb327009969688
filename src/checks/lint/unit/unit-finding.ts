/** What the findings of unit rules have in common: the unit they are about, and that a unit nothing starts does no harm. */
import type { AuditedUnit } from '../../../facts/systemd/verify/unit-audit-fact.ts';
import type { Location } from '../../../location.ts';
import { at } from '../../verdict.ts';
import type { LintFinding, LintSeverity } from '../lint-rule.ts';

/** Of the finding: the rule's own if the unit is started, a note if nothing starts it or a condition holds it back. */
export function weigh({ use, skippedBecause }: AuditedUnit): { readonly severity?: LintSeverity } {
  return use === 'no' || skippedBecause !== undefined ? { severity: 'info' } : {};
}

/** A finding about one line of a unit; `data` has the unit's name besides what is given. */
export function unitFinding(
  unit: string,
  message: string,
  location: Location,
  data: Readonly<Record<string, string | number>> = {},
): Pick<LintFinding, 'subject' | 'message' | 'data' | 'evidence'> {
  return { subject: { kind: 'unit', name: unit }, message, data: { unit, ...data }, evidence: [at(location)] };
}
