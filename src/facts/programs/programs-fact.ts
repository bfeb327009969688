/** What files start as: ELF objects and scripts, by their first bytes alone. */
import type { Location } from '../../location.ts';

export type ProgramStart =
  | {
      readonly kind: 'elf';
      /** Debian's name, `unknown` for a machine it has no name for. */
      readonly architecture: string;
      /** The loader a dynamic program asks for. */
      readonly interpreter?: string;
    }
  | {
      readonly kind: 'script';
      /** What stands behind `#!`, up to the first blank; empty if nothing does. */
      readonly interpreter: string;
      /** The rest of the line: the kernel hands it over as one argument. */
      readonly argument?: string;
    };

export interface ProgramFile {
  readonly path: string;
  readonly isExecutable: boolean;
  readonly start: ProgramStart;
  readonly location: Location;
}

export interface ProgramsFact {
  /** In the order of the tree. */
  readonly files: readonly ProgramFile[];
}
