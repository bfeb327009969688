import type { Location } from '../../location.ts';

export interface NixHashFact {
  readonly path: string;
  /** `unregistered`: it is there, but Nix wrote no hash down. */
  readonly state: 'same' | 'changed' | 'unregistered' | 'missing' | 'unreadable';
  /** SHA-256 of the NAR serialisation, in hex. */
  readonly hash?: string;
  readonly registered?: string;
  readonly location: Location;
}

export interface NixHashesFact {
  /** Of the system's closure. */
  readonly paths: readonly NixHashFact[];
}
