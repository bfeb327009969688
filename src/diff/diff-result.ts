/** The outcome of a diff: what was compared, what differs, what could not be told, and what that means for the exit code. */
import type { Location } from '../location.ts';
import { type Change, type ChangeClass, isAtLeast } from './change.ts';
import type { WaiverUpkeep } from './differences/expired-waivers.ts';

export interface DiffSide {
  /** Base name of the image or of the file of facts; name of a contract. */
  readonly image: string;
  readonly platform: string;
  readonly system: readonly string[];
  /** Of the contract, as the image was judged: `role`, `network` ... */
  readonly parameters: Readonly<Record<string, string>>;
  /** How the checks of the contract ended. */
  readonly verdicts: { readonly pass: number; readonly fail: number; readonly unknown: number; readonly skip: number };
}

export interface ConcernCount {
  readonly concern: string;
  readonly title: string;
  /** Things that are the same on both sides. */
  readonly equal: number;
  readonly classes: Readonly<Record<ChangeClass, number>>;
  /** Why there was nothing to compare. */
  readonly absent?: string;
}

/** Evidence of one side that could not be read: what rests on it was not compared. */
export interface Unverified {
  readonly side: 'a' | 'b';
  readonly concern: string;
  readonly message: string;
  readonly at?: Location;
}

export interface DiffResult {
  readonly tool: { readonly name: string; readonly version: string };
  readonly a: DiffSide;
  readonly b: DiffSide;
  readonly contract: { readonly name: string; readonly version: string };
  /** In the order of the concerns, the gravest first within each. */
  readonly changes: readonly Change[];
  readonly counts: readonly ConcernCount[];
  readonly unverified: readonly Unverified[];
  /** About the user's waivers themselves. */
  readonly upkeep: readonly WaiverUpkeep[];
  readonly failOn: ChangeClass;
  readonly exitCode: 0 | 1 | 3;
}

/** A change that fails the run wins over what could not be told, and that over nothing; nothing compared is never equal. */
export function exitCodeOf({ changes, counts, unverified, failOn }: Omit<DiffResult, 'exitCode'>): 0 | 1 | 3 {
  if (changes.some((change) => isAtLeast(change.class, failOn))) return 1;
  const isCompared = counts.some(({ absent }) => absent === undefined);
  return unverified.length > 0 || !isCompared ? 3 : 0;
}
