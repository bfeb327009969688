/**
 * passwd(5), group(5) and shadow(5): fields by colons, one entry a line. Compatibility entries of NIS (`+`, `-`) are left out.
 * The password field of group and gshadow is not kept.
 */
import type { Location } from '../../location.ts';
import type { AccountsFact, GroupAccount, PasswordKind, UserAccount } from './accounts-fact.ts';

export type AccountProblem = AccountsFact['problems'][number];

export interface ShadowEntry {
  readonly name: string;
  readonly field: string;
  readonly location: Location;
}

/** What a password field means; `x` alone refers to the shadow file and is not one of them. */
export function parsePasswordField(field: string): { readonly password: PasswordKind; readonly scheme?: string } {
  if (field === '') return { password: 'none' };
  if (field.startsWith('!') || field.startsWith('*')) return { password: 'locked' };
  const scheme = /^\$([0-9a-z]+)\$/.exec(field)?.[1];
  if (scheme !== undefined) return { password: 'hash', scheme };
  if (/^[./0-9A-Za-z]{13}$/.test(field)) return { password: 'hash', scheme: 'des' };
  return { password: 'locked' };
}

/** Entries of a shadow file by name, the first of a name. */
export function parseShadow(text: string, file: Location): ReadonlyMap<string, ShadowEntry> {
  const entries = new Map<string, ShadowEntry>();
  for (const { fields, location } of readEntries(text, file)) {
    const [name = '', field] = fields;
    if (field !== undefined && !entries.has(name)) entries.set(name, { name, field, location });
  }
  return entries;
}

/** Users of a passwd file; `shadow` is undefined if there is no shadow file that could be read. */
export function parsePasswd(
  text: string,
  file: Location,
  shadow: ReadonlyMap<string, ShadowEntry> | undefined,
  problems: AccountProblem[],
): readonly UserAccount[] {
  const users: UserAccount[] = [];
  for (const { fields, location } of readEntries(text, file)) {
    const [name = '', field = '', uid = '', gid = '', comment = '', home, shell = ''] = fields;
    if (name === '' || home === undefined || !isId(uid) || !isId(gid)) {
      problems.push({ message: 'not an entry of a passwd file', location });
      continue;
    }
    const hidden = field === 'x' ? shadow?.get(name) : undefined;
    const secret = field !== 'x' ? field : hidden?.field;
    users.push({
      name,
      uid: Number(uid),
      gid: Number(gid),
      comment,
      home,
      shell,
      ...(secret === undefined ? { password: 'unknown' as const } : parsePasswordField(secret)),
      passwordLocation: hidden?.location ?? location,
      standing: 'present',
      location,
    });
  }
  return users;
}

/** Groups of a group file. */
export function parseGroup(text: string, file: Location, problems: AccountProblem[]): readonly GroupAccount[] {
  const groups: GroupAccount[] = [];
  for (const { fields, location } of readEntries(text, file)) {
    const [name = '', , gid = '', members = ''] = fields;
    if (name === '' || !isId(gid)) {
      problems.push({ message: 'not an entry of a group file', location });
      continue;
    }
    const names = members.split(',').filter((member) => member !== '');
    groups.push({ name, gid: Number(gid), members: names, standing: 'present', location });
  }
  return groups;
}

interface Entry {
  readonly fields: readonly string[];
  readonly location: Location;
}

function readEntries(text: string, file: Location): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || /^[#+-]/.test(line)) continue;
    entries.push({ fields: line.split(':'), location: { ...file, line: index + 1 } });
  }
  return entries;
}

function isId(text: string): boolean {
  return /^[0-9]{1,10}$/.test(text) && Number(text) <= 0xffffffff;
}
