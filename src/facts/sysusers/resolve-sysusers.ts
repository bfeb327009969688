/**
 * What systemd-sysusers will add to the accounts of the image (src/sysusers/sysusers.c): groups before users, an existing name
 * left alone, ids as the line says or the highest free one of the system range. Ids that a line takes from the owner of a file
 * (`/path`) are treated as not given.
 */
import type { Location } from '../../location.ts';
import type { GroupAccount, UserAccount } from '../accounts/accounts-fact.ts';
import type { SysusersLine, SysusersProblem } from './sysusers-file.ts';

export interface SysusersResult {
  /** Users and groups to be added, in the order they will be. */
  readonly users: readonly UserAccount[];
  readonly groups: readonly GroupAccount[];
  /** Memberships added to groups of the image: group name to new members. */
  readonly memberships: ReadonlyMap<string, readonly string[]>;
  readonly problems: readonly SysusersProblem[];
}

/** systemd's default range for allotted ids, searched downwards. */
const systemRange = { low: 1, high: 999 };

interface State {
  readonly userIds: Map<string, number>;
  readonly groupIds: Map<string, number>;
  readonly usedUids: Map<number, string>;
  readonly usedGids: Map<number, string>;
  readonly users: UserAccount[];
  readonly groups: GroupAccount[];
  readonly memberships: Map<string, string[]>;
  readonly problems: SysusersProblem[];
  /** Where free ids are looked for, the highest range first; what was found used is cut off. */
  readonly ranges: { low: number; high: number }[];
}

/** `lines` in reading order; `users` and `groups` are those of the image. */
export function resolveSysusers(
  users: readonly UserAccount[],
  groups: readonly GroupAccount[],
  lines: readonly SysusersLine[],
): SysusersResult {
  const ranges = lines.filter(({ type }) => type === 'r').flatMap(({ id }) => parseRange(id ?? ''));
  const state: State = {
    userIds: new Map(users.map(({ name, uid }) => [name, uid])),
    groupIds: new Map(groups.map(({ name, gid }) => [name, gid])),
    usedUids: new Map(users.map(({ name, uid }) => [uid, name])),
    usedGids: new Map(groups.map(({ name, gid }) => [gid, name])),
    users: [],
    groups: [],
    memberships: new Map(),
    problems: [],
    ranges: (ranges.length > 0 ? ranges : [{ ...systemRange }]).sort((a, b) => b.high - a.high),
  };
  const wanted = collectItems(lines, state.problems);
  for (const line of wanted.members.values()) addMembership(line, state.memberships);
  for (const line of wanted.groups.values()) addGroup(state, line.name, parseId(line.id), false, line.location);
  for (const line of wanted.users.values()) addUser(state, line, wanted.groups);
  const { memberships } = state;
  return {
    users: state.users,
    groups: state.groups.map((group) => ({ ...group, members: memberships.get(group.name) ?? [] })),
    memberships: new Map([...memberships].filter(([name]) => groups.some((group) => group.name === name))),
    problems: state.problems,
  };
}

interface Items {
  readonly users: Map<string, SysusersLine>;
  readonly groups: Map<string, SysusersLine>;
  readonly members: Map<string, SysusersLine>;
}

/** The first line for each name counts; memberships bring their user and group into being. */
function collectItems(lines: readonly SysusersLine[], problems: SysusersProblem[]): Items {
  const items: Items = { users: new Map(), groups: new Map(), members: new Map() };
  for (const line of lines) {
    if (line.type === 'r') continue;
    if (line.type === 'm') {
      items.members.set(`${line.id}\n${line.name}`, line);
      continue;
    }
    const into = line.type === 'u' ? items.users : items.groups;
    const first = into.get(line.name);
    if (!first) into.set(line.name, line);
    else if (!isSame(first, line))
      problems.push({
        message: `Conflict with earlier configuration for ${line.name}, ignoring line.`,
        location: line.location,
      });
  }
  for (const { id = '', name, location } of items.members.values()) {
    if (!items.users.has(name)) items.users.set(name, { type: 'u', locked: false, name, location });
    if (!items.groups.has(id) && !items.users.has(id))
      items.groups.set(id, { type: 'g', locked: false, name: id, location });
  }
  return items;
}

function isSame(a: SysusersLine, b: SysusersLine): boolean {
  return a.id === b.id && a.comment === b.comment && a.home === b.home && a.shell === b.shell && a.locked === b.locked;
}

function addMembership({ name, id = '' }: SysusersLine, memberships: Map<string, string[]>): void {
  const members = memberships.get(id);
  if (members) members.push(name);
  else memberships.set(id, [name]);
}

/** Gid of the group after the fact; undefined if it cannot be made. `exact`: a number that must exist or be free. */
function addGroup(
  state: State,
  name: string,
  wanted: number | undefined,
  exact: boolean,
  location: Location,
): number | undefined {
  const existing = state.groupIds.get(name);
  const queued = state.groups.some((group) => group.name === name);
  if (existing !== undefined && !(exact && queued)) return existing;
  if (exact && wanted !== undefined) {
    if (state.usedGids.has(wanted)) return wanted;
    state.problems.push({ message: `Failed to create ${name}: please create GID ${wanted}`, location });
    return undefined;
  }
  const free = wanted !== undefined && !state.usedGids.has(wanted) && isFreeFor(state.usedUids, wanted, name);
  const gid = free ? wanted : nextId(state);
  if (gid === undefined) {
    state.problems.push({ message: 'No free group ID available.', location });
    return undefined;
  }
  state.groupIds.set(name, gid);
  state.usedGids.set(gid, name);
  state.groups.push({ name, gid, members: [], standing: 'declared', location });
  return gid;
}

function addUser(state: State, line: SysusersLine, groups: ReadonlyMap<string, SysusersLine>): void {
  const { name, location } = line;
  const [uidText, groupText] = (line.id ?? '').split(':', 2);
  const wanted = parseId(uidText);
  const exactGid = parseId(groupText);
  const groupName = groupText !== undefined && exactGid === undefined ? groupText : undefined;
  if (groupName !== undefined && !state.groupIds.has(groupName)) {
    state.problems.push({ message: `Group ${groupName} not found.`, location });
    return;
  }
  const queued = exactGid === undefined && groups.has(name) ? state.groupIds.get(name) : undefined;
  const gid =
    groupName === undefined
      ? (queued ?? addGroup(state, name, exactGid ?? wanted, exactGid !== undefined, location))
      : state.groupIds.get(groupName);
  if (gid === undefined || state.userIds.has(name)) return;
  const isFree = (id: number): boolean => !state.usedUids.has(id) && isFreeFor(state.usedGids, id, name);
  /** With an exact group the number may be any other group's too. */
  const given = wanted !== undefined && (exactGid === undefined ? isFree(wanted) : !state.usedUids.has(wanted));
  const uid = given ? wanted : isFree(gid) ? gid : nextId(state);
  if (uid === undefined) {
    state.problems.push({ message: 'No free user ID available.', location });
    return;
  }
  state.userIds.set(name, uid);
  state.usedUids.set(uid, name);
  state.users.push({
    name,
    uid,
    gid,
    comment: line.comment ?? '',
    home: line.home ?? (uid === 0 ? '/root' : '/'),
    shell: line.shell ?? (uid === 0 ? '/bin/sh' : '/usr/sbin/nologin'),
    password: 'locked',
    passwordLocation: location,
    standing: 'declared',
    location,
  });
}

/** The highest number of the ranges that is neither a user's nor a group's. */
function nextId({ ranges, usedUids, usedGids }: State): number | undefined {
  for (const range of ranges) {
    while (range.low <= range.high && (usedUids.has(range.high) || usedGids.has(range.high))) range.high -= 1;
    if (range.low <= range.high) return range.high;
  }
  return undefined;
}

/** A number nobody has in the other table, or the account of the same name. */
function isFreeFor(used: ReadonlyMap<number, string>, id: number, name: string): boolean {
  const owner = used.get(id);
  return owner === undefined || owner === name;
}

function parseId(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id > 0xfffffffe || id === 0xffff ? undefined : id;
}

function parseRange(text: string): { low: number; high: number }[] {
  const match = /^([0-9]{1,10})(?:-([0-9]{1,10}))?$/.exec(text);
  if (!match) return [];
  const low = Number(match[1]);
  const high = Number(match[2] ?? match[1]);
  return high <= 0xfffffffe && low <= high ? [{ low, high }] : [];
}
