/**
 * The fact `unit-audit`: every unit of the image with what systemd-analyze(1) verify looks at, and what stands behind its settings:
 * programs, accounts, files, other units. It says what is; the rules judge.
 */
import type { Location } from '../../../location.ts';
import type { LoadState, UnitProblem } from '../unit-fact.ts';

/** `boot` and `demand` as in the fact `startup`; `no`: nothing in the image starts it. */
export type UnitUse = 'boot' | 'demand' | 'no';

/** What a path that has to be run leads to. */
export type ProgramState =
  | 'runnable'
  | 'missing'
  | 'directory'
  | 'not-a-file'
  | 'not-executable'
  /** The program named in its first line, or its dynamic linker, is not in the image. */
  | 'no-interpreter'
  | 'other-architecture'
  /** Below a directory that is filled at run time, or in another root. */
  | 'undecided'
  | 'unreadable';

export interface AuditedCommand {
  /** `ExecStart`, `ExecStartPre` ... */
  readonly directive: string;
  /** As systemd would look it up: absolute, or a bare name. */
  readonly path: string;
  readonly location: Location;
  /** `-` in front: failing does not matter. */
  readonly optional: boolean;
  readonly state: ProgramState;
  /** What is missing for `no-interpreter`, the architecture found for `other-architecture`. */
  readonly detail?: string;
  /** Missing now, but its directory is filled at run time. */
  readonly volatile: boolean;
}

export interface AuditedAccount {
  readonly kind: 'user' | 'group';
  readonly directive: string;
  readonly name: string;
  readonly location: Location;
}

export interface AuditedFile {
  readonly directive: string;
  readonly path: string;
  readonly location: Location;
  readonly volatile: boolean;
}

/** A unit that is named and cannot be had. */
export interface AuditedReference {
  /** `Requires`, `BindsTo`, `Requisite`, or for links `.requires/` and `.wants/`. */
  readonly by: string;
  readonly unit: string;
  readonly loadState: LoadState;
  readonly location: Location;
}

/** A dependency that systemd leaves out: on the unit itself, of a device on an order, of a type that cannot fail. */
export interface DroppedDependency {
  readonly reason: 'itself' | 'device' | 'no-failure';
  readonly directive: string;
  readonly unit: string;
  readonly location: Location;
}

/** The unit that a socket, timer or path is there for. */
export interface AuditedTrigger {
  readonly unit: string;
  readonly loadState: LoadState;
  readonly location: Location;
  /** Accept= decides between `NAME.service` and `NAME@.service`: the one that is there instead. */
  readonly instead?: string;
}

/** A line that this version of systemd accepts for old times' sake, ignores, or warns about. */
export interface AuditedAdvice {
  readonly kind: 'obsolete' | 'unsafe';
  readonly message: string;
  readonly location: Location;
}

/** A key that came with a later systemd than the image has. */
export interface NewerDirective {
  readonly section: string;
  readonly key: string;
  readonly since: number;
  readonly location: Location;
}

export interface AuditedUnit {
  readonly name: string;
  readonly loadState: LoadState;
  readonly loadError?: string;
  /** The fragment, for `masked` the mask; absent for units that only have drop-ins. */
  readonly fragment?: Location;
  readonly use: UnitUse;
  /** The condition that the image decides against. */
  readonly skippedBecause?: string;
  readonly problems: readonly UnitProblem[];
  readonly commands: readonly AuditedCommand[];
  /** Accounts that are neither in the image nor made at boot. */
  readonly missingAccounts: readonly AuditedAccount[];
  /** Environment files that must be there and are not. */
  readonly missingFiles: readonly AuditedFile[];
  readonly references: readonly AuditedReference[];
  readonly dropped: readonly DroppedDependency[];
  readonly trigger?: AuditedTrigger;
  readonly advice: readonly AuditedAdvice[];
  readonly newer: readonly NewerDirective[];
}

/** Units whose order closes a circle within one start. */
export interface OrderingCycle {
  readonly units: readonly string[];
  /** The lines that order them, one for each step that a file states. */
  readonly steps: readonly { readonly from: string; readonly to: string; readonly location: Location }[];
  /** Starting which unit brings them together. */
  readonly root: string;
  /** Every unit is needed by another one: systemd refuses the start instead of leaving a unit out. */
  readonly unbreakable: boolean;
}

/** An entry of a unit directory, or a file near one, that systemd does not read as it was meant. */
export interface StrayEntry {
  readonly kind: /** A unit file in a directory where systemd does not look. */
    | 'outside'
    /** A symlink that cannot be an alias. */
    | 'bad-alias'
    /** A symlink to a unit file that is not there. */
    | 'dangling-alias'
    /** An entry of a `.wants` directory that is no link, or whose name is no unit's. */
    | 'bad-link'
    /** A link in a `.wants` directory whose name and target differ. */
    | 'renamed-link'
    /** A link to a template without an instance; the target is the instance that it starts. */
    | 'template-link'
    /** A drop-in directory of a unit that does not exist. */
    | 'orphan-drop-in'
    /** A file in a drop-in directory that does not end in `.conf`. */
    | 'ignored-drop-in'
    /** A unit file with permissions systemd warns about. */
    | 'executable'
    | 'writable';
  readonly path: string;
  readonly location: Location;
  /** The unit it would be, or is meant for. */
  readonly unit: string;
  /** What a link points to, or starts. */
  readonly target?: string;
}

export interface UnitAuditFact {
  /** Major version of the systemd in the image. */
  readonly systemd?: number;
  readonly units: readonly AuditedUnit[];
  readonly cycles: readonly OrderingCycle[];
  readonly strays: readonly StrayEntry[];
}
