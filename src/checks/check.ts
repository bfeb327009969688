/**
 * Checks: facts in, findings out. A check is pure: it names the facts it needs, and judges what it is given.
 */
import type { FactId, FactRequest, FactResult } from '../facts/fact.ts';
import type { FactTypes } from '../facts/fact-types.ts';
import type { Location } from '../location.ts';

export type Severity = 'must' | 'should' | 'info';

/** `undecidable` by nature (only a running machine can tell) or `inconclusive` (the evidence could not be read). */
export type UnknownKind = 'undecidable' | 'inconclusive';

export interface Evidence {
  /** What this place did: `set by`, `beats`, `masked by`, `links to`, `at`. */
  readonly role: string;
  readonly location: Location;
  /** The text there, where it says more than the location does. */
  readonly excerpt?: string;
}

/** How one check of one contract ended. */
export type Verdict =
  | { readonly status: 'pass'; readonly note?: string; readonly evidence?: readonly Evidence[] }
  | {
      readonly status: 'fail';
      /** One sentence: what is, and what was wanted. */
      readonly message: string;
      readonly expected?: string;
      readonly found?: string;
      readonly evidence: readonly Evidence[];
      /** Overrides the check's own severity when the contract grades cases differently. */
      readonly severity?: Severity;
      readonly remedy?: string;
    }
  | {
      readonly status: 'unknown';
      readonly kind: UnknownKind;
      readonly message: string;
      readonly evidence?: readonly Evidence[];
    }
  | { readonly status: 'skip'; readonly reason: string };

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why?: string;
  readonly fix?: string;
  /** What the contract calls this requirement, and its line in the contract document. */
  readonly references: readonly string[];
  readonly contract?: Location;
  readonly verdict: Verdict;
}

/** The facts a check declared, and only those: asking for anything else is a bug. */
export interface FactLookup {
  get<K extends FactId>(fact: K, key?: string): FactResult<FactTypes[K]>;
}

export type { FactRequest };
