/**
 * A contract after loading: plain JSON, every name known, every check with its line. The built-in contract is compiled to
 * this form when check-image is built; a user's file becomes it by `loadContract`.
 */
import type { Location } from '../location.ts';
import type { Table } from '../table.ts';
import type { Severity } from './check.ts';

export type Scalar = string | number | boolean;
/** What an assertion is given, before or after `${name}` is filled in. Shapes: schemas/contract-1.schema.json. */
export type OptionValue = Scalar | null | readonly OptionValue[] | { readonly [key: string]: OptionValue };
export type Options = { readonly [key: string]: OptionValue };

export interface Parameter {
  readonly title?: string;
  /** Allowed values; any text unless given. */
  readonly values?: readonly string[];
  /** Pattern of allowed values. */
  readonly matches?: string;
  /** Name of a detector in detectors.ts. */
  readonly detect?: string;
  readonly default?: string;
  readonly location: Location;
}

/** A thing that has another name on another platform or in another role. The first variant that applies counts. */
export interface Concept {
  readonly title?: string;
  readonly variants: readonly ConceptVariant[];
  readonly location: Location;
}

export interface ConceptVariant {
  readonly when?: Condition;
  readonly value: string;
}

/** Parameter names (and `platform`) to the values for which something applies; all of them must hold. */
export type Condition = Table<readonly string[]>;

export interface AssertionUse {
  /** Id in assertions/registry.ts, or `rule`. */
  readonly kind: string;
  readonly options: Options;
  readonly location: Location;
}

/** What a check becomes on one platform: only what differs. */
export interface PlatformOverride {
  readonly skip?: string;
  readonly severity?: Severity;
  readonly fix?: string;
  readonly assertions?: readonly AssertionUse[];
}

export interface ContractCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why?: string;
  readonly fix?: string;
  readonly references: readonly string[];
  readonly when?: Condition;
  /** Ids of checks that must have passed for this one to mean anything. */
  readonly needs: readonly string[];
  /** All of them must hold. */
  readonly assertions: readonly AssertionUse[];
  /** Why no image can answer this. */
  readonly undecidable?: string;
  /** Why the contract leaves it out. */
  readonly skip?: string;
  readonly platforms: Table<PlatformOverride>;
  readonly location: Location;
}

export interface Contract {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly parameters: Table<Parameter>;
  readonly concepts: Table<Concept>;
  /** What holds on a platform for the checks that do not name it themselves. */
  readonly platforms: Table<{ readonly skip?: string }>;
  readonly checks: readonly ContractCheck[];
}
