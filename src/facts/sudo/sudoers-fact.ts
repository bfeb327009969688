/** What sudo reads: its files, and the lines that give rights without a password. */
import type { Location } from '../../location.ts';

export interface SudoersRule {
  /** `%admin`, `deploy`. */
  readonly who: string;
  /** The line, continued lines joined. */
  readonly text: string;
  readonly isPasswordless: boolean;
  /** Whether it allows every command. */
  readonly isForAll: boolean;
  readonly location: Location;
}

export interface SudoersFact {
  readonly state: 'present' | 'missing';
  /** Files sudo reads, in its order. */
  readonly files: readonly { readonly path: string; readonly location: Location }[];
  /** Files in an included directory that it passes over for their names. */
  readonly ignored: readonly { readonly path: string; readonly location: Location }[];
  readonly rules: readonly SudoersRule[];
}
