/** The fact `initrd`: which kernel modules the initrd of the boot entry holds, and which programs it needs and has not. */
import type { Location } from '../../location.ts';

/** A program that is started inside the initrd and is not there. */
export interface InitrdLack {
  /** A path, or a name that is looked for along the path. */
  readonly program: string;
  /** Who needs it, one phrase. */
  readonly because: string;
  /** The line that calls it. */
  readonly calledBy?: Location;
}

export interface InitrdFact {
  /** `none`: the entry names no initrd, or there is no entry. `closed`: nobody asked for its content to be unpacked. */
  readonly state: 'read' | 'none' | 'unreadable' | 'closed';
  readonly reason?: string;
  readonly location?: Location;
  /** Directories of modules in it, by release; names are canonical. */
  readonly kernels: readonly { readonly release: string; readonly modules: readonly string[] }[];
  readonly lacks: readonly InitrdLack[];
  /** Why its programs could not be looked at, although it was unpacked. */
  readonly problem?: string;
}
