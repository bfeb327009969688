/** The fact `initrd`: which kernel modules the initrd of the boot entry holds. */
import type { Location } from '../../location.ts';

export interface InitrdFact {
  /** `none`: the entry names no initrd, or there is no entry. `closed`: nobody asked for its content to be unpacked. */
  readonly state: 'read' | 'none' | 'unreadable' | 'closed';
  readonly reason?: string;
  readonly location?: Location;
  /** Directories of modules in it, by release; names are canonical. */
  readonly kernels: readonly { readonly release: string; readonly modules: readonly string[] }[];
}
