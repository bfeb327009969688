/** Commands of units that cannot be run, by what is wrong with the program. A command with `-` in front may fail. */
import type { AuditedCommand, AuditedUnit, ProgramState } from '../../../facts/systemd/verify/unit-audit-fact.ts';
import type { FactLookup } from '../../check.ts';
import type { LintFinding } from '../lint-rule.ts';
import { unitFinding, weigh } from './unit-finding.ts';

/** Each with the state as its message, and the command, its key and what is missing as data. */
export function* programFindings(facts: FactLookup, states: readonly ProgramState[]): Iterable<LintFinding> {
  for (const unit of facts.get('unit-audit').units)
    for (const command of unit.commands)
      if (!command.optional && states.includes(command.state)) yield programFinding(unit, command);
}

function programFinding(
  unit: AuditedUnit,
  { path, directive, location, state, detail, volatile }: AuditedCommand,
): LintFinding {
  const data = { program: path, key: directive, detail: detail ?? '' };
  if (state === 'missing' && volatile) return { ...unitFinding(unit.name, 'later', location, data), severity: 'info' };
  return { ...unitFinding(unit.name, state, location, data), ...weigh(unit) };
}
