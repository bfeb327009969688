/** The facts `unit` and `startup`. */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export interface Assignment {
  /** After unquoting of the line (continuations joined), before specifier expansion. */
  readonly value: string;
  readonly location: Location;
}

/** One directive after all files were applied. */
export interface Directive {
  readonly section: string;
  readonly key: string;
  /** What counts: one assignment for a scalar, all since the last reset for a list. Empty after a reset. */
  readonly values: readonly Assignment[];
  /** What was overridden or reset, latest first. */
  readonly beats: readonly Assignment[];
  /** The empty assignment that restored the default, if nothing was assigned after it. */
  readonly reset?: Assignment;
}

/** `systemctl show -p LoadState`. */
export type LoadState = 'loaded' | 'masked' | 'not-found' | 'error' | 'bad-setting';
/** `systemctl is-enabled`. */
export type UnitFileState =
  | 'enabled'
  | 'enabled-runtime'
  | 'linked'
  | 'linked-runtime'
  | 'alias'
  | 'masked'
  | 'masked-runtime'
  | 'static'
  | 'disabled'
  | 'indirect'
  | 'generated'
  | 'transient'
  | 'bad'
  | 'not-found';

/** `systemctl list-unit-files`. */
export interface UnitFilesFact {
  readonly files: readonly {
    readonly name: string;
    readonly state: UnitFileState;
    /** Absent where presets do not apply. */
    readonly preset?: 'enabled' | 'disabled' | 'ignored';
    /** The preset line that says so; absent if none matches the unit, which enables it. */
    readonly presetBy?: Location;
    /** An alias that only a generator makes. */
    readonly isGenerated?: true;
  }[];
}

export interface UnitProblem {
  readonly message: string;
  readonly kind: 'syntax' | 'unknown-section' | 'unknown-key' | 'wrong-section' | 'bad-value' | 'other';
  readonly location: Location;
}

export interface UnitFact {
  /** The name asked for. */
  readonly name: string;
  /** Id after aliases: the main name. */
  readonly id: string;
  readonly loadState: LoadState;
  /** Why systemd refuses it, for `bad-setting` and `error`. */
  readonly loadError?: string;
  /** View path and place of the fragment; for `masked` the mask itself. */
  readonly fragmentPath?: string;
  readonly fragment?: Location;
  /** View paths in the order they are applied. */
  readonly dropInPaths: readonly string[];
  readonly aliases: readonly string[];
  readonly unitFileState: UnitFileState;
  /** The link (or mask) that makes the unit file's state. */
  readonly enabledBy?: Location;
  /** By `Section.Key`. */
  readonly directives: Table<Directive>;
  /** By systemctl-show spelling, what systemd would make of them including defaults: Type, KillMode, Restart, RestartUSec ... */
  readonly properties: Table<string>;
  readonly problems: readonly UnitProblem[];
}

/** A step of the proof that a unit is pulled in: `default.target` -> `multi-user.target` -> ... */
export interface PullStep {
  readonly unit: string;
  /** `Wants=`, `Requires=`, `.wants/`, `Sockets=` ... */
  readonly by: string;
  readonly location: Location;
}

export interface UnitStart {
  readonly unit: string;
  readonly state: 'boot' | 'demand' | 'never' | 'masked' | 'unknown';
  /** From default.target to the unit. */
  readonly because: readonly PullStep[];
  /** The condition that the image decides against; of a unit that never starts or may not, the other unit that keeps it from starting. */
  readonly skippedBecause?: string;
  /** The line of that condition. */
  readonly skippedAt?: Location;
}

export interface StartupFact {
  /** Major version of the systemd in the image, and the file that tells; absent if none does. */
  readonly systemd?: { readonly version: number; readonly location: Location };
  readonly defaultTarget?: { readonly unit: string; readonly location: Location };
  /** What system.conf and its drop-ins say, by key: the assignments that count. */
  readonly manager?: Table<readonly Assignment[]>;
  /** Units that are not `never`. */
  readonly units: Table<UnitStart>;
}
