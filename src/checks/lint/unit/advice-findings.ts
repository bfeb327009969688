/** Lines that are read and should not be there, one kind at a time. */
import type { AuditedAdvice } from '../../../facts/systemd/verify/unit-audit-fact.ts';
import type { FactLookup } from '../../check.ts';
import type { LintFinding } from '../lint-rule.ts';
import { unitFinding, weigh } from './unit-finding.ts';

/** Every line of that kind with the key `line` and its sentence as `{advice}`. */
export function* adviceFindings(facts: FactLookup, kind: AuditedAdvice['kind']): Iterable<LintFinding> {
  for (const unit of facts.get('unit-audit').units)
    for (const { kind: found, message, location } of unit.advice)
      if (found === kind) yield { ...unitFinding(unit.name, 'line', location, { advice: message }), ...weigh(unit) };
}
