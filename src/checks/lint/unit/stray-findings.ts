/** Entries in and around the unit directories that are not read as they were meant, some kinds at a time. */
import type { StrayEntry } from '../../../facts/systemd/verify/unit-audit-fact.ts';
import type { FactLookup } from '../../check.ts';
import { at } from '../../verdict.ts';
import type { LintFinding } from '../lint-rule.ts';

/** Each with its kind as the message, and `{path}`, `{unit}` and `{target}`; `isNote` says which do no harm. */
export function* strayFindings(
  facts: FactLookup,
  kinds: readonly StrayEntry['kind'][],
  isNote: (entry: StrayEntry) => boolean = () => false,
): Iterable<LintFinding> {
  for (const entry of facts.get('unit-audit').strays) {
    const { kind, path, location, unit, target = '' } = entry;
    if (!kinds.includes(kind)) continue;
    const data = { path, unit, target };
    const finding = { subject: { kind: 'path', name: path }, message: kind, data, evidence: [at(location)] } as const;
    yield isNote(entry) ? { ...finding, severity: 'info' } : finding;
  }
}

/** What a package brings for others that may or may not be installed. */
export function isVendors(path: string): boolean {
  return path.startsWith('/usr/lib/') || path.startsWith('/lib/');
}
