/** The fact `accounts`: passwd, group and shadow of the image, and what systemd-sysusers will add to them. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import { readDeclaredAccounts } from '../../root/nixos/users-groups.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactReader, FactResult, Gap } from '../fact.ts';
import { readSysusers } from '../sysusers/read-sysusers.ts';
import { type AccountProblem, parseGroup, parsePasswd, parseShadow } from './account-files.ts';
import type { AccountDuplicate, AccountsFact, GroupAccount, UserAccount } from './accounts-fact.ts';
import { deriveAccounts } from './declared-accounts.ts';

export const accountsReader: FactReader<'accounts'> = {
  id: 'accounts',
  title: 'users and groups, their passwords, and those made at boot',
  reads: ['/etc/passwd', '/etc/group', '/etc/shadow', '/{etc,run,usr/local/lib,usr/lib}/sysusers.d/*.conf'],
  needs: [],
  read: (view, { image }) => readAccounts(view, image.nixos?.toplevel),
};

/** Accounts of the image first, those of a NixOS `toplevel` and declared ones behind; an unreadable shadow leaves passwords `unknown`. */
export function readAccounts(view: RootView, toplevel?: string): FactResult<AccountsFact> {
  const gaps: Gap[] = [];
  const problems: AccountProblem[] = [];
  const shadowFile = readFile(view, '/etc/shadow', gaps, ['passwords']);
  const shadow = shadowFile && parseShadow(shadowFile.text, shadowFile.location);
  const passwd = readFile(view, '/etc/passwd', gaps);
  const existing = passwd ? parsePasswd(passwd.text, passwd.location, shadow, problems) : [];
  const group = readFile(view, '/etc/group', gaps);
  const existingGroups = group ? parseGroup(group.text, group.location, problems) : [];
  const derived = readDerived(view, toplevel, existing, existingGroups, gaps);
  const users = [...existing, ...derived.users];
  const groups = [...existingGroups, ...derived.groups];
  const declared = readSysusers(view, users, groups);
  gaps.push(...declared.gaps);
  const value: AccountsFact = {
    users: [...users, ...declared.users],
    groups: [...groups.map((each) => addMembers(each, declared.memberships.get(each.name))), ...declared.groups],
    duplicates: findDuplicates(users, groups),
    problems: [...problems, ...declared.problems],
  };
  return { value, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** What activation of a NixOS system adds. */
function readDerived(
  view: RootView,
  toplevel: string | undefined,
  users: readonly UserAccount[],
  groups: readonly GroupAccount[],
  gaps: Gap[],
): Pick<AccountsFact, 'users' | 'groups'> {
  try {
    const declared = toplevel === undefined ? undefined : readDeclaredAccounts(view, toplevel);
    if (declared) return deriveAccounts(declared, users, groups);
  } catch (thrown) {
    gaps.push({ cause: damageFrom(asImageError(thrown)) });
  }
  return { users: [], groups: [] };
}

function readFile(
  view: RootView,
  path: string,
  gaps: Gap[],
  keys?: readonly string[],
): { readonly text: string; readonly location: Location } | undefined {
  const location = view.locate(path);
  try {
    const text = view.readText(path);
    return text === undefined ? undefined : { text, location };
  } catch (thrown) {
    gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) }, ...(keys ? { keys } : {}) });
    return undefined;
  }
}

function addMembers(group: GroupAccount, added: readonly string[] | undefined): GroupAccount {
  return added ? { ...group, members: [...new Set([...group.members, ...added])] } : group;
}

function findDuplicates(users: readonly UserAccount[], groups: readonly GroupAccount[]): readonly AccountDuplicate[] {
  return [
    ...repeated('user name', users, ({ name }) => name),
    ...repeated('uid', users, ({ uid }) => `${uid}`),
    ...repeated('group name', groups, ({ name }) => name),
    ...repeated('gid', groups, ({ gid }) => `${gid}`),
  ];
}

function repeated<T extends { readonly location: Location }>(
  kind: AccountDuplicate['kind'],
  accounts: readonly T[],
  identify: (account: T) => string,
): readonly AccountDuplicate[] {
  const locations = new Map<string, Location[]>();
  for (const account of accounts) {
    const value = identify(account);
    const known = locations.get(value);
    if (known) known.push(account.location);
    else locations.set(value, [account.location]);
  }
  return [...locations].flatMap(([value, at]) => (at.length > 1 ? [{ kind, value, locations: at }] : []));
}
