/** Entries in and around the unit directories that are not read as they were meant, some kinds at a time. */
import type { StrayEntry } from '../../../facts/systemd/verify/unit-audit-fact.ts';
import type { FactLookup } from '../../check.ts';
import { at } from '../../verdict.ts';
import type { LintFinding } from '../lint-rule.ts';

/** Each with its kind as the message, and `{path}`, `{unit}` and `{target}`. */
export function* strayFindings(facts: FactLookup, kinds: readonly StrayEntry['kind'][]): Iterable<LintFinding> {
  for (const { kind, path, location, unit, target = '' } of facts.get('unit-audit').strays)
    if (kinds.includes(kind))
      yield {
        subject: { kind: 'path', name: path },
        message: kind,
        data: { path, unit, target },
        evidence: [at(location)],
      };
}
