/**
 * Assignments in reading order into effective values, as systemd-sysctl applies them (src/sysctl/sysctl.c): a later, different
 * value takes the key to the end of the order, an equal one leaves it in its place; a glob never touches a key that is named
 * explicitly or excluded. Order counts between two names of one variable. Values of single interfaces that the kernel derives
 * from `all` and `default` are not computed.
 */
import { createTable } from '../../table.ts';
import { isGlob, matchesGlob } from '../conf-files/glob.ts';
import { moduleOfKey, namesOfVariable, sharedVariables } from './kernel-variables.ts';
import type { SysctlAssignment, SysctlExclusion, SysctlFact, SysctlValue } from './sysctl-fact.ts';
import type { SysctlLine } from './sysctl-file.ts';
import { formatSysctlKey, isUsableSysctlPath, parseSysctlKey } from './sysctl-key.ts';

/** A key and everything assigned to it, the last of which counts. */
interface Setting {
  readonly path: string;
  readonly value: string | undefined;
  readonly history: SysctlAssignment[];
  /** Place in the order of application. */
  readonly rank: number;
}

export type ResolvedSysctl = Pick<SysctlFact, 'values' | 'globs' | 'excluded'>;

/** `early` are the settings of the kernel command line, applied before all others; `lines` those of the files, as read. */
export function resolveSysctl(early: readonly SysctlLine[], lines: readonly SysctlLine[]): ResolvedSysctl {
  const kernel = orderSettings(early, 0);
  const files = orderSettings(lines, early.length);
  const globs = [...files.values()].filter(({ path, value }) => value !== undefined && isGlob(path));
  globs.sort((a, b) => a.rank - b.rank);

  const values = createTable<SysctlValue>();
  const keys = new Set<string>(sharedVariables.flat());
  for (const path of [...kernel.keys(), ...files.keys()])
    if (!isGlob(path) && isUsableSysctlPath(path)) keys.add(formatSysctlKey(path));
  for (const key of keys) {
    const paths = namesOfVariable(key).map(parseSysctlKey);
    const reaching = [kernel, files].flatMap((settings) => paths.flatMap((path) => settings.get(path) ?? []));
    const open = paths.filter((path) => !files.has(path));
    if (open.length > 0) reaching.push(...globs.filter((glob) => open.some((path) => reaches(glob.path, path))));
    const assigned = reaching.filter((setting) => setting.value !== undefined).sort((a, b) => a.rank - b.rank);
    const assignments = assigned.flatMap(({ history }) => history);
    const set = assignments.pop();
    if (set) values[key] = makeValue(key, set, assignments.reverse());
  }

  const excluded = createTable<SysctlExclusion>();
  for (const { path, value, history } of files.values()) {
    if (value !== undefined) continue;
    const key = formatSysctlKey(path);
    const [last, ...beats] = [...history].reverse() as [SysctlAssignment, ...SysctlAssignment[]];
    excluded[key] = { key, location: last.location, beats };
  }
  return { values, excluded, globs: globs.map(({ history }) => history[history.length - 1] as SysctlAssignment) };
}

/** The value of any key, written either way: explicit, or by the last glob that reaches it. Undefined: the kernel's default. */
export function sysctlValue(fact: ResolvedSysctl, written: string): SysctlValue | undefined {
  const path = parseSysctlKey(written);
  const key = formatSysctlKey(path);
  const known = fact.values[key];
  if (known || fact.excluded[key]) return known;
  const matching = fact.globs.filter((glob) => reaches(parseSysctlKey(glob.key), path));
  const set = matching.pop();
  return set && makeValue(key, set, matching.reverse());
}

/** One entry per key; a different value gives it a new rank, an equal one keeps the old. */
function orderSettings(lines: readonly SysctlLine[], firstRank: number): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const [index, { path, value, assignment }] of lines.entries()) {
    const known = settings.get(path);
    const history = known?.history ?? [];
    history.push(assignment);
    if (!known || known.value !== value) settings.set(path, { path, value, history, rank: firstRank + index });
  }
  return settings;
}

function reaches(glob: string, path: string): boolean {
  return matchesGlob(glob, path, { path: true });
}

function makeValue(key: string, set: SysctlAssignment, beats: readonly SysctlAssignment[]): SysctlValue {
  const aliases = namesOfVariable(key).filter((name) => name !== key);
  const requiresModule = moduleOfKey(key);
  return {
    key,
    value: set.value,
    set,
    beats,
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(requiresModule === undefined ? {} : { requiresModule }),
  };
}
