/**
 * Checks: facts in, findings out. A check is pure: it names the facts it needs, and judges what it is given.
 */
import type { FactId, Standing } from '../facts/fact.ts';
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

/** Why a failure does not count: a person decided so, or the baseline knows it already. */
export interface Waiver {
  readonly by: 'waiver' | 'baseline';
  readonly reason: string;
  readonly owner?: string;
  /** The last day it holds, `2026-12-31`. */
  readonly expires?: string;
  /** Where it is written. */
  readonly location: Location;
}

/** What a finding is about, by the name a waiver would use. */
export interface FindingSubject {
  readonly kind: 'path' | 'unit' | 'package' | 'account' | 'image';
  readonly name: string;
}

/**
 * What a verdict rests on, the least sure of it: files that are in the image, what activation derives from them (NixOS), what
 * boot is declared to make; `unknown` where there is no verdict.
 */
export type Basis = Standing | 'unknown';

export interface CheckResult {
  readonly id: string;
  /** Absent for a check of the contract. A lint rule has one result for each finding. */
  readonly origin?: 'lint';
  /** Of a finding of a lint rule. */
  readonly subject?: FindingSubject;
  readonly title: string;
  /** Headline of several findings of a lint rule, with `{count}`. */
  readonly many?: string;
  readonly severity: Severity;
  readonly why?: string;
  readonly fix?: string;
  /** What the contract calls this requirement, and its line in the contract document. */
  readonly references: readonly string[];
  readonly contract?: Location;
  readonly verdict: Verdict;
  /** Absent where nothing was looked at. */
  readonly basis?: Basis;
  /** Of a failure only. */
  readonly waiver?: Waiver;
}

/** The facts a check declared, and only those: asking for anything else is a bug. */
export interface FactLookup {
  /**
   * The value of a fact. `records` names the parts the check relies on (sysctl keys, module or unit names), all of it
   * unless given: damage that touches them turns the verdict into "cannot tell", whatever the check concludes.
   */
  get<K extends FactId>(fact: K, key?: string, records?: readonly string[]): FactTypes[K];
}

/**
 * How one kind of claim is judged. Pure: the same options and facts give the same verdict. A promise is for a parser that
 * is loaded only when there is something to parse.
 */
export interface Judge<O> {
  /** The key of the claim in a contract. */
  readonly id: string;
  /** One line for the reference. */
  readonly title: string;
  readonly needs: readonly FactId[];
  /** Why these options could never fail, if so: such a check is refused when the contract is loaded. */
  cannotFail?(options: O): string | undefined;
  evaluate(options: O, facts: FactLookup): Verdict | Promise<Verdict>;
}
