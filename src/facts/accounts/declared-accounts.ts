/**
 * The accounts activation makes on NixOS, beside those the image has. Numbers it allots itself are forecast as
 * update-users-groups.pl and userborn give them: of system accounts from 999 down, of others from 1000 up.
 */
import type { DeclaredAccounts, DeclaredUser } from '../../root/nixos/users-groups.ts';
import { parsePasswordField } from './account-files.ts';
import type { GroupAccount, UserAccount } from './accounts-fact.ts';

const SYSTEM_LAST = 999;
const NORMAL_FIRST = 1000;

/** Users and groups that are not there yet: derived by activation, or declared for a service. */
export function deriveAccounts(
  declared: DeclaredAccounts,
  users: readonly UserAccount[],
  groups: readonly GroupAccount[],
): { readonly users: readonly UserAccount[]; readonly groups: readonly GroupAccount[] } {
  const { location, standing } = declared;
  const gids = new Map(groups.map(({ name, gid }) => [name, gid]));
  const allotGroup = allotter([...gids.values(), ...declared.groups.flatMap(({ gid }) => gid ?? [])]);
  const newGroups: GroupAccount[] = [];
  for (const { name, gid, members } of declared.groups) {
    if (gids.has(name)) continue;
    const number = gid ?? allotGroup(true);
    gids.set(name, number);
    newGroups.push({ name, gid: number, members, standing, location });
  }
  const known = new Set(users.map(({ name }) => name));
  const allotUser = allotter([...users.map(({ uid }) => uid), ...declared.users.flatMap(({ uid }) => uid ?? [])]);
  const newUsers = declared.users
    .filter(({ name }) => !known.has(name))
    .map((user): UserAccount => {
      const { name, home, shell, description: comment, group } = user;
      const uid = user.uid ?? allotUser(user.isSystemUser);
      const account = { name, uid, gid: gids.get(group) ?? uid, comment, home, shell };
      return { ...account, ...passwordOf(user), passwordLocation: location, standing, location };
    });
  return { users: newUsers, groups: newGroups };
}

function passwordOf({ hashedPassword, hasPlainPassword }: DeclaredUser): Pick<UserAccount, 'password' | 'scheme'> {
  if (hashedPassword === undefined) return { password: 'unknown' };
  if (hashedPassword !== null) return parsePasswordField(hashedPassword);
  return { password: hasPlainPassword ? 'hash' : 'locked' };
}

function allotter(taken: readonly number[]): (isSystem: boolean) => number {
  const used = new Set(taken);
  return (isSystem) => {
    let number = isSystem ? SYSTEM_LAST : NORMAL_FIRST;
    while (used.has(number)) number += isSystem ? -1 : 1;
    used.add(number);
    return number;
  };
}
