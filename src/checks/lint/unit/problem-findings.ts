/** What systemd complains about while it reads a unit and its drop-ins, one kind at a time. */
import { newestKnown } from '../../../facts/systemd/systemd-version.ts';
import type { UnitProblem } from '../../../facts/systemd/unit-fact.ts';
import type { FactLookup } from '../../check.ts';
import type { LintFinding } from '../lint-rule.ts';
import { unitFinding, weigh } from './unit-finding.ts';

/**
 * Every problem of that kind with the key `line` and its sentence as `{problem}`. A systemd newer than all that are known here may
 * well take it: then it is a note.
 */
export function* problemFindings(facts: FactLookup, kind: UnitProblem['kind']): Iterable<LintFinding> {
  const { units, systemd = newestKnown } = facts.get('unit-audit');
  const doubt = systemd > newestKnown && kind !== 'syntax' ? ({ severity: 'info' } as const) : {};
  for (const unit of units)
    for (const { kind: found, message, location } of unit.problems)
      if (found === kind)
        yield { ...unitFinding(unit.name, 'line', location, { problem: message }), ...weigh(unit), ...doubt };
}
