/** The NixOS system that runs, who says so, what else the image could run, and whether its store is complete. */
import type { Location } from '../../location.ts';
import type { CandidateOrigin } from '../../root/nixos/system-candidate.ts';

export interface NixosSource {
  readonly toplevel: string;
  readonly origin: CandidateOrigin;
  readonly because: string;
  readonly location: Location;
}

export interface RunningSystemFact {
  readonly toplevel: string;
  readonly because: string;
  readonly generation?: number;
  readonly specialisation?: string;
  /** The file `system`: `x86_64-linux`. */
  readonly platform?: { readonly value: string; readonly location: Location };
  /** The file `nixos-version`. */
  readonly version?: string;
  readonly specialisations: readonly string[];
  /** Everything that names a system, the best first. */
  readonly sources: readonly NixosSource[];
  readonly generations: readonly { readonly number: number; readonly toplevel: string; readonly location: Location }[];
}

export interface MissingPath {
  readonly path: string;
  /** The store path that refers to it; of the system itself, who names it. */
  readonly referrer: string;
  readonly location: Location;
}

export interface StoreClosure {
  /** Who says what refers to what; `scan`: the files themselves, read for names of store paths. */
  readonly by: 'database' | 'registration' | 'scan';
  /** Store paths that the system reaches, itself included. */
  readonly paths: ReadonlySet<string>;
  readonly missing: readonly MissingPath[];
}

export interface NixStoreFact {
  /** Absent where the image is none of NixOS. */
  readonly system?: RunningSystemFact;
  /** Store paths there are. */
  readonly present: number;
  readonly closure?: StoreClosure;
}
