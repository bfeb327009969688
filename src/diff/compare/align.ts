/** Which record of one side is which of the other: by name, else by a listed second name. */
import type { NameGroup } from '../differences/difference.ts';
import type { PortraitRecord } from '../portrait/portrait.ts';
import { matchesName } from './match-name.ts';

export interface Pair {
  readonly a?: PortraitRecord;
  readonly b?: PortraitRecord;
  /** Why two names are one thing. */
  readonly reason?: string;
}

/** In the order of side A, what only B has behind. A second name counts only between things that nothing else is called. */
export function alignRecords(
  a: readonly PortraitRecord[],
  b: readonly PortraitRecord[],
  groups: readonly NameGroup[],
): readonly Pair[] {
  const inA = new Set(a.map(({ key }) => key));
  const inB = new Map(b.map((record) => [record.key, record]));
  const free = b.filter(({ key }) => !inA.has(key));
  const candidates = groups.map(({ names }) => free.filter(({ key }) => isNamed(names, key)));
  const taken = new Set<PortraitRecord>();
  const pairs = a.map((record): Pair => {
    const same = inB.get(record.key);
    if (same) {
      taken.add(same);
      return { a: record, b: same };
    }
    for (const [i, { names, reason }] of groups.entries()) {
      const left = candidates[i];
      if (!left?.length || !isNamed(names, record.key)) continue;
      const other = takeFirst(left, taken);
      if (other) return { a: record, b: other, reason };
    }
    return { a: record };
  });
  return [...pairs, ...b.filter((record) => !taken.has(record)).map((record) => ({ b: record }))];
}

const isNamed = (names: readonly string[], key: string): boolean => names.some((name) => matchesName(name, key));

/** The first that is not taken yet; those before it are dropped for good. */
function takeFirst(left: PortraitRecord[], taken: Set<PortraitRecord>): PortraitRecord | undefined {
  for (let first = left.shift(); first; first = left.shift()) {
    if (taken.has(first)) continue;
    taken.add(first);
    return first;
  }
  return undefined;
}
