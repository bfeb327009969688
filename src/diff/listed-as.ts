/** A change that a list explains. */
import type { Change } from './change.ts';
import type { ListedDifference } from './differences/difference.ts';

/** The change as it is where no list explains it. */
export function listedAs(change: Change, listed: ListedDifference | undefined): Change {
  if (!listed) return change;
  const { id, reason, reference, owner, expires } = listed;
  const terms = [reference, owner, expires === undefined ? undefined : `until ${expires}`].filter((term) => term);
  return {
    ...change,
    class: listed.class ?? 'intended',
    reason: terms.length > 0 ? `${reason} (${terms.join(', ')})` : reason,
    listed: id,
  };
}
