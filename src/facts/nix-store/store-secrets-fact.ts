import type { Location } from '../../location.ts';

export interface StoreSecret {
  /** The file in the store. */
  readonly path: string;
  /** For people: `a private key`. */
  readonly what: string;
  /** With the line. */
  readonly location: Location;
}

export interface StoreSecretsFact {
  readonly secrets: readonly StoreSecret[];
}
