import type { Location } from '../../location.ts';

export interface ChangedFile {
  /** As the package names it. */
  readonly path: string;
  readonly package: string;
  /** MD5 in hex. */
  readonly recorded: string;
  readonly found: string;
  readonly location: Location;
}

/** Files that are no longer what their package installed. Files that are not there are in `package-files`. */
export interface PackageSumsFact {
  readonly changed: readonly ChangedFile[];
  /** How many files were hashed. */
  readonly files: number;
}
