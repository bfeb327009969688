import type { Location } from '../../location.ts';

export type Platform = 'isar' | 'debian' | 'nixos' | 'unknown';
/** Debian's names: amd64, arm64, armhf, riscv64, i386 ... */
export type Architecture = string;

export interface PlatformFact {
  readonly platform: Platform;
  /** Why, each sentence with its place. */
  readonly evidence: readonly { readonly text: string; readonly location: Location }[];
  /** Architecture most of the evidence agrees on; absent if none or a tie. */
  readonly architecture?: Architecture;
  readonly architectureEvidence: readonly {
    readonly source: 'dpkg' | 'elf' | 'etc' | 'system';
    readonly architecture: Architecture;
    readonly location: Location;
  }[];
  /** os-release as an environment file, later assignment winning. */
  readonly osRelease: Readonly<Record<string, string>>;
  readonly osReleaseLocation?: Location;
  /** The line of each value in that file. */
  readonly osReleaseLines?: Readonly<Record<string, number>>;
  /** `Debian GNU/Linux 13 (trixie)`: PRETTY_NAME or the best there is. */
  readonly name: string;
  readonly hostname?: { readonly value: string; readonly location: Location };
}
