/** Effective settings of the SSH server, as `sshd -T` would take them from its files. */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export interface SshdSetting {
  /** As written, without quotes. */
  readonly value: string;
  readonly location: Location;
}

export interface SshdFact {
  /** Whether there is a configuration file. */
  readonly state: 'present' | 'missing';
  /** Of that file. */
  readonly location: Location;
  /** By keyword in small letters, the first that is set outside of Match: the one that counts. */
  readonly settings: Table<SshdSetting>;
  /** Settings that count for some connections, with the condition of their Match. */
  readonly matched: readonly (SshdSetting & { readonly keyword: string; readonly condition: string })[];
}
