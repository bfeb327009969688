/** The fact `boot-programs`: what the units that start at boot execute. */
import type { Location } from '../../location.ts';

export interface StartedProgram {
  readonly unit: string;
  /** `ExecStart`, `ExecStartPre` ... */
  readonly directive: string;
  /** View path; a bare name as systemd finds it, or as written if it does not. */
  readonly path: string;
  /** LD_LIBRARY_PATH that the unit sets in Environment=. */
  readonly libraryPath?: string;
  /** A failure of the program does not fail the unit (`-`). */
  readonly mayFail: boolean;
  /** The line that says so. */
  readonly location: Location;
}

export interface BootProgramsFact {
  /** In the order the units are found. */
  readonly programs: readonly StartedProgram[];
}
