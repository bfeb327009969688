/** What is known about the passwords of the image without knowing them. No hash and no password leaves the reader but a well-known word. */
import type { Location } from '../../location.ts';

export interface PasswordStrength {
  readonly name: string;
  /** crypt(5) prefix: `6`, `y`, `des` without one. */
  readonly scheme: string;
  /** Whether well-known words could be tried: other schemes than SHA-crypt are not computed. */
  readonly isTried: boolean;
  /** The well-known word that it is. */
  readonly word?: string;
  /** Other accounts with the very same hash. */
  readonly sharedWith: readonly string[];
  readonly location: Location;
}

export interface PasswordsFact {
  /** Accounts that a password opens, in the order of the file. */
  readonly passwords: readonly PasswordStrength[];
}
