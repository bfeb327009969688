/** A difference between two images, and how grave it is. */
import type { Location } from '../location.ts';

/**
 * `noise` changes with every build; `equivalent` differs in form only; `intended` is listed, with a reason; `drift` is what
 * nobody listed; by a `breaking` change one side violates the contract.
 */
export const changeClasses = ['noise', 'equivalent', 'intended', 'drift', 'breaking'] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** What one side says. */
export interface ChangeSide {
  /** One for a plain value, any number for a list. */
  readonly values: readonly string[];
  readonly at?: Location;
}

export interface Change {
  /** Id of a concern; `contract` for a verdict that no other change explains, `files` for a file. */
  readonly concern: string;
  /** What it is about, as the first side that has it calls it. */
  readonly name: string;
  /** What the second side calls it, if otherwise. */
  readonly otherName?: string;
  /** Which part of it; absent where the whole is there on one side only. */
  readonly field?: string;
  /** Absent: not there. */
  readonly a?: ChangeSide;
  readonly b?: ChangeSide;
  readonly class: ChangeClass;
  /** Why it is of that class. */
  readonly reason?: string;
  /** Which listed difference it is: its id, or where the waiver is written. */
  readonly listed?: string;
  /** Checks of the contract that one side fails by it. */
  readonly checks?: readonly string[];
  /** Of what only one side has: which fields it has there. */
  readonly has?: readonly string[];
  /** Lines that show more of it, such as a unified diff. */
  readonly lines?: readonly string[];
}

export function isAtLeast(one: ChangeClass, bound: ChangeClass): boolean {
  return changeClasses.indexOf(one) >= changeClasses.indexOf(bound);
}
