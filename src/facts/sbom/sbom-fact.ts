/** What the bills of materials beside the image list. */
export interface SbomPackage {
  readonly name: string;
  readonly version: string;
}

export interface Sbom {
  readonly format: 'SPDX' | 'CycloneDX';
  /** Base name of the file. */
  readonly name: string;
  /** Binary packages of Debian (`pkg:deb`, not `arch=source`), in the order of the file. */
  readonly packages: readonly SbomPackage[];
}

export interface SbomFact {
  readonly documents: readonly Sbom[];
}
