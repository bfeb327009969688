/** What systemd-tmpfiles will make, change and remove at boot. */
import type { Location } from '../../location.ts';

export interface TmpfilesLine {
  /** The letter: `d`, `L`, `z` ... */
  readonly type: string;
  /** What follows it: any of `!+-=~^$?`. */
  readonly modifiers: string;
  /** Specifiers expanded; a pattern for the types that take one. */
  readonly path: string;
  /** Permission bits, absent for `-`. */
  readonly mode?: number;
  /** `~`: only the bits the file already has are kept. */
  readonly masked?: boolean;
  /** `:`: the mode, user, group only count when the thing is created. */
  readonly onlyCreate?: boolean;
  /** Absent for `-`. */
  readonly uid?: number;
  readonly gid?: number;
  readonly age?: string;
  readonly argument?: string;
  /** The line as it is written, if it names the machine's own id. */
  readonly written?: string;
  readonly location: Location;
}

export interface TmpfilesFact {
  /** The lines that count, in reading order: the first of a path, and those that can share a path with it. */
  readonly lines: readonly TmpfilesLine[];
  /** Lines ignored because an earlier one has the path. */
  readonly duplicates: readonly { readonly line: TmpfilesLine; readonly by: Location }[];
  /** Lines whose path or argument only the running machine can complete (`%v`, an unset machine id). */
  readonly undecided: readonly { readonly text: string; readonly location: Location }[];
  readonly files: readonly Location[];
  readonly masked: readonly { readonly file: Location; readonly by: Location }[];
  /** Lines that systemd-tmpfiles rejects. */
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
}
