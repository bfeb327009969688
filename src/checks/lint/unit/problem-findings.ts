/** What systemd complains about while it reads a unit and its drop-ins, one kind at a time. */
import type { UnitProblem } from '../../../facts/systemd/unit-fact.ts';
import type { FactLookup } from '../../check.ts';
import type { LintFinding } from '../lint-rule.ts';
import { unitFinding, weigh } from './unit-finding.ts';

/** Every problem of that kind with the key `line` and its sentence as `{problem}`. */
export function* problemFindings(facts: FactLookup, kind: UnitProblem['kind']): Iterable<LintFinding> {
  for (const unit of facts.get('unit-audit').units)
    for (const { kind: found, message, location } of unit.problems)
      if (found === kind) yield { ...unitFinding(unit.name, 'line', location, { problem: message }), ...weigh(unit) };
}
