/** A NixOS system (a toplevel) that an image may boot, and who says so. */
import type { Location } from '../../location.ts';

/** The best first: what boots, what the profile says, what init starts, what nothing else refers to. */
export const candidateOrigins = ['boot entry', 'profile', 'root', 'init', 'registration', 'database', 'store'] as const;

export type CandidateOrigin = (typeof candidateOrigins)[number];

export interface SystemCandidate {
  /** `/nix/store/HASH-nixos-system-...`. */
  readonly toplevel: string;
  readonly origin: CandidateOrigin;
  /** Who says so, for people: `the boot entry nixos-generation-3.conf`. */
  readonly because: string;
  readonly location: Location;
  readonly isInStore: boolean;
}

/** One numbered generation of the system profile, or of a boot menu. */
export interface Generation {
  readonly number: number;
  readonly toplevel: string;
  readonly from: 'profile' | 'boot entry';
  readonly location: Location;
}

/** What the user asks for. */
export interface SystemRequest {
  /** A toplevel: its store path, or the last component of it. */
  readonly system?: string;
  readonly generation?: number;
  /** Name of a specialisation of the system chosen otherwise. */
  readonly specialisation?: string;
}
