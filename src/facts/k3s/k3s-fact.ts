import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export type K3sRole = 'server' | 'agent' | 'none' | 'both';

export interface K3sSetting {
  /** Flag name without dashes: `flannel-iface`. Repeated flags keep every value. */
  readonly flag: string;
  readonly values: readonly string[];
  readonly from: 'command line' | 'environment' | 'config';
  readonly location: Location;
}

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
  /** The environment of the service from unit and files. */
  readonly environment: Table<{ readonly value: string; readonly location: Location }>;
}
