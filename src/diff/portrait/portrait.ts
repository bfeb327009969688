/**
 * What an image says, concern by concern, as flat records of text: small enough to keep (schemas/facts-1.schema.json), and
 * all that a comparison needs. Values are as the facts give them; what is equal to what is decided when two are compared.
 */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export const portraitSchema = 'check-image/facts-1';

/** One value of a record. */
export interface Field {
  /** One for a plain value, any number for a list. */
  readonly values: readonly string[];
  readonly at?: Location;
}

/** One thing of a concern: a package, a unit, a user. */
export interface PortraitRecord {
  /** Unique in its concern. */
  readonly key: string;
  readonly fields: Table<Field>;
  readonly at?: Location;
}

/** Evidence that could not be read: `keys` are the records it touches, all of the concern unless given. */
export interface PortraitGap {
  readonly message: string;
  readonly at?: Location;
  readonly keys?: readonly string[];
}

export interface PortraitConcern {
  readonly records: readonly PortraitRecord[];
  readonly gaps: readonly PortraitGap[];
  /** Why an image of this kind says nothing about the concern: then there is nothing to compare. */
  readonly absent?: string;
}

/** What a check of the contract looked at. */
export interface VerdictSubject {
  readonly fact: string;
  /** A path or a unit; empty for facts that exist once. */
  readonly key: string;
  /** The parts it relied on, all unless given. */
  readonly records?: readonly string[];
}

export interface PortraitVerdict {
  readonly id: string;
  readonly title: string;
  readonly severity: 'must' | 'should' | 'info';
  readonly status: 'pass' | 'fail' | 'unknown' | 'skip';
  /** Of `unknown`: the evidence could not be read; otherwise no image can tell. */
  readonly isInconclusive?: true;
  readonly message?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly places: readonly Location[];
  /** Of a failure. */
  readonly subjects: readonly VerdictSubject[];
}

export interface Portrait {
  readonly schema: typeof portraitSchema;
  readonly tool: { readonly name: string; readonly version: string };
  /** Base name of the image. */
  readonly image: string;
  /** `isar`, `debian`, `nixos`, `unknown`. */
  readonly platform: string;
  /** In words: `Debian GNU/Linux 13 (trixie)`, `amd64`, `kernel 6.12.107`. */
  readonly system: readonly string[];
  readonly contract: { readonly name: string; readonly version: string; readonly parameters: Table<string> };
  readonly verdicts: readonly PortraitVerdict[];
  /** By id of the concern. */
  readonly concerns: Table<PortraitConcern>;
  /** Damage of what the root is made of. */
  readonly damage: readonly PortraitGap[];
}
