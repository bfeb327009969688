/** What is to be said of the user's waivers themselves, in the words of the gate: those that explain nothing any more. */
import type { Location } from '../../location.ts';
import type { ListedDifference } from './difference.ts';

export interface WaiverUpkeep {
  readonly id: 'waiver/expired';
  readonly message: string;
  readonly at?: Location;
}

/** `today` as `2026-12-31`. */
export function findExpired(waivers: readonly ListedDifference[], today: string): readonly WaiverUpkeep[] {
  return waivers.flatMap(({ id, owner, expires, location }) => {
    if (expires === undefined || expires >= today) return [];
    const message = `the waiver ${id} has expired on ${expires}${owner === undefined ? '' : ` (${owner})`}`;
    return [{ id: 'waiver/expired', message, ...(location ? { at: location } : {}) }];
  });
}
