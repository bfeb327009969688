/** What systemd-sysctl sets at boot: each value with its assignment and the ones it overrode. */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export interface SysctlAssignment {
  /** Key as written in the file, and the value, trimmed. */
  readonly key: string;
  readonly value: string;
  readonly location: Location;
  /** `-` prefix: failing to set it is not an error. */
  readonly optional: boolean;
  /** `sysctl.KEY=` on the kernel command line: set by the kernel before init, so any file overrides it. */
  readonly from?: 'command line';
}

export interface SysctlValue {
  /** Canonical, with dots: `net.ipv4.ip_forward`; a dot inside a component (`eth0.100`) is written as `/`. */
  readonly key: string;
  readonly value: string;
  /** The assignment that counts; for a variable with two names its key may be the other one. */
  readonly set: SysctlAssignment;
  /** The assignments it overrode, latest first. */
  readonly beats: readonly SysctlAssignment[];
  /** Other canonical names of the same kernel variable. */
  readonly aliases?: readonly string[];
  /** Module that makes the key exist: without it (loaded before systemd-sysctl, or built in) nothing is set. */
  readonly requiresModule?: string;
}

/** A `-key` line without a value: no glob touches the key, and earlier assignments are gone. */
export interface SysctlExclusion {
  readonly key: string;
  readonly location: Location;
  readonly beats: readonly SysctlAssignment[];
}

export interface SysctlFact {
  /** By canonical key. Glob keys are kept apart in `globs`. */
  readonly values: Table<SysctlValue>;
  /** In the order they are applied. */
  readonly globs: readonly SysctlAssignment[];
  /** By canonical key. */
  readonly excluded: Table<SysctlExclusion>;
  /** Files in the order they are applied, and those masked by a file of the same name. */
  readonly files: readonly Location[];
  readonly masked: readonly { readonly file: Location; readonly by: Location }[];
  /** Lines that systemd-sysctl would reject. */
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
}
