/** Portraits written down: what the sides of a diff say, without an image. */

import { comparePortraits } from '../../src/diff/compare-portraits.ts';
import type { DiffResult } from '../../src/diff/diff-result.ts';
import type { ListedDifference } from '../../src/diff/differences/difference.ts';
import { loadDifferences } from '../../src/diff/differences/registry.ts';
import { makeRecord } from '../../src/diff/portrait/concern.ts';
import type { Portrait, PortraitConcern, PortraitVerdict } from '../../src/diff/portrait/portrait.ts';
import { concerns } from '../../src/diff/portrait/registry.ts';
import type { Location } from '../../src/location.ts';
import { createTable } from '../../src/table.ts';

/** By concern, by name: the values of the fields. A text is the field `value`. */
export type Said = Readonly<Record<string, Readonly<Record<string, string | Readonly<Record<string, string>>>>>>;

export const builtIn = await loadDifferences();

export const at = (path: string, line?: number): Location =>
  line === undefined ? { source: 'image', path } : { source: 'image', path, line };

/** Every record lies in `/CONCERN/NAME`. Lists are written with `|` between their values. */
export function portraitOf(said: Said, more: Partial<Portrait> = {}): Portrait {
  return {
    schema: 'check-image/facts-1',
    tool: { name: 'check-image', version: '1' },
    image: 'image',
    platform: 'isar',
    system: [],
    contract: { name: 'k3s', version: '1.0', parameters: {} },
    verdicts: [],
    concerns: createTable(concerns.map(({ id }) => [id, concernOf(id, said[id] ?? {})])),
    damage: [],
    ...more,
  };
}

function concernOf(id: string, records: Said[string]): PortraitConcern {
  return {
    gaps: [],
    records: Object.entries(records).map(([key, fields]) =>
      makeRecord(
        key,
        Object.fromEntries(
          Object.entries(typeof fields === 'string' ? { value: fields } : fields).map(([name, text]) => [
            name,
            text.split('|'),
          ]),
        ),
        at(`/${id}/${key}`),
      ),
    ),
  };
}

/** The portrait with something else about one concern. */
export function withConcern(portrait: Portrait, id: string, change: Partial<PortraitConcern>): Portrait {
  const concern = portrait.concerns[id] ?? { records: [], gaps: [] };
  return { ...portrait, concerns: { ...portrait.concerns, [id]: { ...concern, ...change } } };
}

export function verdict(id: string, more: Partial<PortraitVerdict> = {}): PortraitVerdict {
  return { id, title: `title of ${id}`, severity: 'must', status: 'pass', places: [], subjects: [], ...more };
}

export function compare(a: Portrait, b: Portrait, waivers: readonly ListedDifference[] = []): DiffResult {
  const tool = { name: 'check-image', version: '1' };
  return comparePortraits(a, b, { builtIn, waivers, failOn: 'breaking', today: '2026-11-22', tool });
}

/** One line a change: `drift sysctl net.ipv4.ip_forward: 1 -> 0`. */
export function linesOf({ changes }: DiffResult): readonly string[] {
  return changes.map(({ class: kind, concern, name, otherName, field, a, b }) => {
    const names = otherName === undefined ? name : `${name}/${otherName}`;
    const what = field === undefined || field === 'value' ? names : `${names} ${field}`;
    return `${kind} ${concern} ${what}: ${a?.values.join('|') ?? '-'} -> ${b?.values.join('|') ?? '-'}`;
  });
}
