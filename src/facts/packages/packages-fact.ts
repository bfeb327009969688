import type { Location } from '../../location.ts';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** dpkg's three words: `install ok installed`; `installed` for other sources. */
  readonly status: string;
  readonly source?: string;
  /** Where the record is. */
  readonly location: Location;
  /** NixOS: how near it is: on PATH, in the closure, only in the store. */
  readonly level?: 'path' | 'closure' | 'store' | undefined;
}

export interface SideManifest {
  readonly kind: 'manifest' | 'dpkg-status';
  readonly name: string;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly architecture: string;
    readonly line: number;
  }[];
}

export interface PackagesFact {
  /** Which database answered; `none` if the image has no package database. */
  readonly database: 'dpkg' | 'dpkg-immutable' | 'nix' | 'none';
  readonly databaseLocation?: Location;
  readonly packages: readonly InstalledPackage[];
  /** Lists of packages that lie beside the image. */
  readonly beside: readonly SideManifest[];
}
