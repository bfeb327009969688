import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export interface PackageFileList {
  readonly name: string;
  readonly architecture: string;
  /** Every path the package owns, directories included, as dpkg's list has them. */
  readonly paths: readonly string[];
  /** Where the list is, or should be. */
  readonly location: Location;
}

/** A package's file that was moved aside for that of another (dpkg-divert). */
export interface Diversion {
  readonly to: string;
  /** The package whose file takes the place; `:` for the administrator's. */
  readonly by: string;
}

/** What dpkg recorded about the files of installed packages. */
export interface PackageFilesFact {
  /** Only packages with a list, in the order of the database. */
  readonly lists: readonly PackageFileList[];
  /** By the path that is diverted. */
  readonly diversions: Table<Diversion>;
}
