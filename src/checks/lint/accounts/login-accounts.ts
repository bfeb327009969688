/** Accounts that somebody or something can be: those with a shell that runs commands. */
import type { UserAccount } from '../../../facts/accounts/accounts-fact.ts';

/** Shells that only say no; `/bin/sync` is a command of its own. */
const refusing = /\/(?:nologin|false|true|sync|shutdown|halt|git-shell)$/;

/** The shell of an account; passwd(5): an empty field is /bin/sh. */
export function shellOf({ shell }: UserAccount): string {
  return shell === '' ? '/bin/sh' : shell;
}

export function hasShell(account: UserAccount): boolean {
  return !refusing.test(shellOf(account));
}
