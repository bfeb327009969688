/**
 * Differences that are expected: things with two names, differences between platforms, what changes with every build, and
 * the waivers of a user. One language for all of them: schemas/differences-1.schema.json.
 */
import type { Location } from '../../location.ts';

export interface DifferenceList {
  /** By concern: names of one thing; a name may be a pattern. */
  readonly names: Readonly<Record<string, readonly NameGroup[]>>;
  readonly differences: readonly ListedDifference[];
}

export interface NameGroup {
  readonly names: readonly string[];
  readonly reason: string;
}

export interface ListedDifference {
  readonly id: string;
  /** `intended` unless given. */
  readonly class?: 'noise' | 'equivalent' | 'intended';
  /** Ids of concerns. */
  readonly concern: readonly string[];
  /** Patterns of names, of either side; any unless given. */
  readonly record?: readonly string[];
  /** Patterns of fields; any unless given. A thing that only one side has is matched by `only`, never by a field. */
  readonly field?: readonly string[];
  /** The platforms of the two sides, in any order; any unless given. `debian` includes ISAR. */
  readonly between?: readonly string[];
  /** The side that has the thing, alone: `nixos`, `debian`, or `any`. */
  readonly only?: string;
  /** With `only`: fields that the thing must not have. */
  readonly lacks?: readonly string[];
  /** Patterns that all values of that side must match. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  readonly reason: string;
  /** What says so. */
  readonly reference?: string;
  readonly owner?: string;
  /** The last day it holds, `2026-12-31`. */
  readonly expires?: string;
  /** Of a user's file. */
  readonly location?: Location;
}
