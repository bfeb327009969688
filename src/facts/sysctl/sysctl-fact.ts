import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export interface SysctlAssignment {
  /** Key as written in the file, and the value, trimmed. */
  readonly key: string;
  readonly value: string;
  readonly location: Location;
  /** `-` prefix: failing to set it is not an error. */
  readonly optional: boolean;
}

export interface SysctlValue {
  /** Canonical, with dots: `net.ipv4.ip_forward`; a dot inside a component (`eth0.100`) is written as `/`. */
  readonly key: string;
  readonly value: string;
  readonly set: SysctlAssignment;
  /** The assignments it overrode, latest first. */
  readonly beats: readonly SysctlAssignment[];
}

export interface SysctlFact {
  /** By canonical key. Glob keys are kept apart in `globs`. */
  readonly values: Table<SysctlValue>;
  readonly globs: readonly SysctlAssignment[];
  /** Files in the order they are applied, and those masked by a file of the same name. */
  readonly files: readonly Location[];
  readonly masked: readonly { readonly file: Location; readonly by: Location }[];
  /** Lines that systemd-sysctl would reject. */
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
}
