/**
 * How grave each change is. A waiver of the user is the last word; else what makes one side violate the contract is breaking;
 * else a listed difference explains it.
 */
import { type Change, isAtLeast } from './change.ts';
import type { DifferenceList, ListedDifference } from './differences/difference.ts';
import { findListed, type SidePlatforms } from './differences/list-difference.ts';
import { listedAs } from './listed-as.ts';
import { findCauses, type Violation } from './violations.ts';

export interface Classification {
  /** The lists that come with check-image. */
  readonly builtIn: readonly DifferenceList[];
  /** The user's. */
  readonly waivers: readonly ListedDifference[];
  readonly platforms: SidePlatforms;
  readonly violations: readonly Violation[];
  /** `2026-12-31`. */
  readonly today: string;
}

/** The changes with their classes, and one of concern `contract` for each violation that none of them explains. */
export function classifyChanges(changes: readonly Change[], request: Classification): readonly Change[] {
  const { builtIn, platforms, waivers, today, violations } = request;
  const known = builtIn.flatMap(({ differences }) => differences);
  const blamed = new Map<Change, Violation[]>();
  const unexplained: Change[] = [];
  const causing = changes.filter((change) => change.class !== 'equivalent');
  for (const violation of violations) {
    const causes = findCauses(violation, causing);
    for (const change of causes) blamed.set(change, [...(blamed.get(change) ?? []), violation]);
    if (causes.length === 0) unexplained.push(contractChange(violation));
  }
  const classed = changes.map((change) => {
    const broken = blame(change, blamed.get(change) ?? []);
    return broken.class === 'breaking' ? broken : listedAs(broken, findListed(change, known, platforms, today));
  });
  return [...classed, ...unexplained].map((change) =>
    isAtLeast(change.class, 'intended') ? listedAs(change, findListed(change, waivers, platforms, today)) : change,
  );
}

/** Only a check that must hold breaks the contract; the others are told. */
function blame(change: Change, violations: readonly Violation[]): Change {
  const [first] = violations;
  if (!first) return change;
  const checks = violations.map(({ verdict }) => verdict.id);
  const grave = violations.find(({ verdict }) => verdict.severity === 'must');
  if (!grave) return { ...change, checks };
  return { ...change, checks, class: 'breaking', reason: grave.verdict.message ?? grave.verdict.title };
}

function contractChange({ verdict, side }: Violation): Change {
  const { id, title, severity, message, expected, found, places } = verdict;
  const failed = { values: [found ?? message ?? 'fails'], ...(places[0] ? { at: places[0] } : {}) };
  const passed = { values: [expected ?? 'passes'] };
  return {
    concern: 'contract',
    name: id,
    field: title,
    ...(side === 'a' ? { a: failed, b: passed } : { a: passed, b: failed }),
    class: severity === 'must' ? 'breaking' : 'drift',
    ...(message === undefined ? {} : { reason: message }),
    checks: [id],
  };
}
