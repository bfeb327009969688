import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export type K3sRole = 'server' | 'agent' | 'none' | 'both';

export type K3sSource = 'command line' | 'environment' | 'config';

/** A value at the place that sets it. */
export interface K3sValue {
  readonly value: string;
  readonly from: K3sSource;
  readonly location: Location;
}

export interface K3sSetting {
  /** Full flag name without dashes: `flannel-iface`. Flags that collect (`disable`, `node-label` ...) keep every value. */
  readonly flag: string;
  readonly values: readonly string[];
  /** Of the last value. */
  readonly from: K3sSource;
  readonly location: Location;
  /** Values that do not count, latest first. */
  readonly beats: readonly K3sValue[];
}

/** What k3s would not accept as written, or would not use. */
export interface K3sProblem {
  readonly kind:
    | 'unknown-flag'
    | 'other-role'
    | 'other-version'
    | 'missing-value'
    | 'bad-value'
    | 'stray-word'
    | 'bad-config'
    | 'missing-config';
  /** The flag without dashes, or the word. */
  readonly subject: string;
  readonly message: string;
  /** Whether the service refuses to start, or drops it with a warning in its log. */
  readonly effect: 'refused' | 'ignored';
  readonly location: Location;
}

/** A place a token comes from. */
export interface K3sToken {
  readonly flag: 'token' | 'token-file' | 'agent-token' | 'agent-token-file';
  /** The token itself, or the path of the file that holds it. */
  readonly value: string;
  readonly isFile: boolean;
  readonly from: K3sSource;
  readonly location: Location;
}

/** The parts of the fact that a gap can name in its `keys`, besides single flags. */
export type K3sPart = 'role' | 'arguments' | 'environment' | 'settings' | 'dataDir';

export interface K3sFact {
  readonly role: K3sRole;
  readonly roleEvidence: readonly { readonly text: string; readonly location: Location }[];
  /** The unit of the role: `k3s-server.service`, NixOS `k3s.service`. */
  readonly unit?: string;
  /** Program of ExecStart, and its arguments after variable expansion. */
  readonly program?: { readonly path: string; readonly location: Location };
  readonly arguments: readonly string[];
  readonly dataDir: string;
  readonly settings: Table<K3sSetting>;
  /** Environment files named by the unit, whether present, optional (`-`), readable. */
  readonly environmentFiles: readonly {
    readonly path: string;
    readonly optional: boolean;
    readonly state: 'present' | 'missing' | 'unreadable';
    readonly location: Location;
  }[];
  /** Configuration files k3s would read, in that order. */
  readonly configFiles: readonly {
    readonly path: string;
    readonly state: 'present' | 'missing' | 'unreadable';
    readonly location: Location;
  }[];
  /** Tokens the settings give, without the server's own `<data-dir>/server/token`. */
  readonly tokens: readonly K3sToken[];
  readonly problems: readonly K3sProblem[];
  /** Version of the program whose flags were taken, `v1.32.5+k3s1`; absent if unknown: then any version's flag is known. */
  readonly version?: string;
  /** The environment of the service from unit and files. */
  readonly environment: Table<{ readonly value: string; readonly location: Location }>;
}
