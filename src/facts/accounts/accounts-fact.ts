/** Users and groups: those in the image, and those that systemd-sysusers will add at boot. */
import type { Location } from '../../location.ts';
import type { Standing } from '../../root/root-view.ts';

/**
 * `hash`: a password works; `none`: empty, anyone may log in; `locked`: `!` or `*`, no password works; `unknown`: the passwd
 * file points to a shadow entry that is not there or could not be read.
 */
export type PasswordKind = 'hash' | 'none' | 'locked' | 'unknown';

export interface UserAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  readonly password: PasswordKind;
  /** crypt(5) prefix of a hash: `y`, `6`, `5`, `2b`, `1`; `des` without one. */
  readonly scheme?: string;
  /** Where the password field is. */
  readonly passwordLocation: Location;
  /** `declared`: made at boot, the ids then being a forecast unless the line gives them. */
  readonly standing: Standing;
  readonly location: Location;
}

export interface GroupAccount {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  readonly standing: Standing;
  readonly location: Location;
}

export interface AccountDuplicate {
  readonly kind: 'user name' | 'uid' | 'group name' | 'gid';
  readonly value: string;
  /** The first counts for names; for ids it is the one that shows in listings. */
  readonly locations: readonly Location[];
}

export interface AccountsFact {
  /** In the order of the file, declared ones behind. */
  readonly users: readonly UserAccount[];
  readonly groups: readonly GroupAccount[];
  readonly duplicates: readonly AccountDuplicate[];
  /** Lines that are no entries, and sysusers.d lines that will not work. */
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
}
