import type { Location } from '../../location.ts';

/** One alternative of a dependency: `libc6 (>= 2.38)`, `perl:any`. */
export interface DependencyName {
  readonly name: string;
  /** Behind a colon: `any` or an architecture. */
  readonly architecture?: string;
  readonly relation?: '<<' | '<=' | '=' | '>=' | '>>';
  readonly version?: string;
}

export interface DependentPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Pre-Depends and Depends; of each one alternative must be there. */
  readonly depends: readonly (readonly DependencyName[])[];
  /** Names it stands for, with a version where it says one. */
  readonly provides: readonly { readonly name: string; readonly version?: string }[];
  readonly location: Location;
}

/** What installed packages need of each other (Debian Policy 7). */
export interface DependenciesFact {
  readonly packages: readonly DependentPackage[];
}
