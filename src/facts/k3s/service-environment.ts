/**
 * The environment of the k3s service: Environment=, then EnvironmentFile= over it, in systemd's order (systemd.exec(5)). What only
 * exists on the running machine is a gap, not an empty variable.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable } from '../../table.ts';
import { isGlob, matchesGlob } from '../conf-files/glob.ts';
import { loadEnvFile } from '../environment/env-file.ts';
import type { Gap } from '../fact.ts';
import type { Assignment, UnitFact } from '../systemd/unit-fact.ts';
import { readWord } from '../systemd/values/words.ts';
import type { EnvironmentValue } from './command-line.ts';
import type { K3sFact, K3sPart } from './k3s-fact.ts';

export type ExpandSpecifiers = (text: string) => string | undefined;

export interface ServiceEnvironment {
  readonly environment: K3sFact['environment'];
  readonly files: K3sFact['environmentFiles'];
  readonly gaps: readonly Gap[];
}

type EnvironmentFile = K3sFact['environmentFiles'][number];

/** What cannot be told where part of the environment is not known. */
export const dependentParts: readonly K3sPart[] = ['arguments', 'environment', 'settings', 'dataDir'];

/** Directories that are empty when the machine starts. */
const volatile = /^\/(?:run|tmp|proc|sys|dev)\//;

/** Reads the environment a unit gives its processes. Never throws an ImageError. */
export function readServiceEnvironment(view: RootView, unit: UnitFact, expand: ExpandSpecifiers): ServiceEnvironment {
  const environment = createTable<EnvironmentValue>();
  for (const assignment of valuesOf(unit, 'Environment')) addWords(environment, assignment, expand);
  const files: EnvironmentFile[] = [];
  const gaps: Gap[] = [];
  for (const assignment of valuesOf(unit, 'EnvironmentFile')) {
    const optional = assignment.value.startsWith('-');
    const path = expand(optional ? assignment.value.slice(1) : assignment.value);
    // systemd drops an assignment that is no absolute path.
    if (path === undefined || !path.startsWith('/')) continue;
    for (const one of matching(view, path)) {
      const read = readFile(view, one, optional, assignment.location);
      files.push(read.file);
      if (read.gap) gaps.push({ cause: read.gap, keys: dependentParts });
      Object.assign(environment, read.variables);
    }
  }
  for (const { value } of valuesOf(unit, 'UnsetEnvironment'))
    for (const name of words(value)) removeVariable(environment, name);
  return { environment, files, gaps };
}

/** The assignments of a directive of the service that count. */
export function valuesOf(unit: UnitFact, key: string): readonly Assignment[] {
  return unit.directives[`Service.${key}`]?.values ?? [];
}

function addWords(environment: Record<string, EnvironmentValue>, from: Assignment, expand: ExpandSpecifiers): void {
  for (const word of words(from.value)) {
    const text = expand(word);
    const equals = text?.indexOf('=') ?? -1;
    if (text === undefined || equals <= 0) continue;
    environment[text.slice(0, equals)] = { value: text.slice(equals + 1), location: from.location };
  }
}

/** UnsetEnvironment= takes a name, or a name with the value it must have. */
function removeVariable(environment: Record<string, EnvironmentValue>, word: string): void {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  if (equals < 0 || environment[name]?.value === word.slice(equals + 1)) delete environment[name];
}

function words(value: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; ; ) {
    const word = readWord(value, at, 'decode');
    if (!word || 'error' in word) return found;
    found.push(word.text);
    at = word.next;
  }
}

/** Files of a pattern in its last component, in the order of their names; the path itself if it is no pattern. */
function matching(view: RootView, path: string): readonly string[] {
  const slash = path.lastIndexOf('/');
  const directory = path.slice(0, slash) || '/';
  const pattern = path.slice(slash + 1);
  if (!isGlob(path) || isGlob(directory)) return [path];
  try {
    const names = (view.list(directory) ?? []).map(({ name }) => name);
    const found = names.filter((name) => matchesGlob(pattern, name, { path: true }));
    return found.length === 0 ? [path] : found.map((name) => `${path.slice(0, slash)}/${name}`);
  } catch (error) {
    // Reading the pattern as a path meets the same damage, and reports it.
    asImageError(error);
    return [path];
  }
}

interface ReadFile {
  readonly file: EnvironmentFile;
  readonly variables: Readonly<Record<string, EnvironmentValue>>;
  readonly gap?: Diagnostic;
}

function readFile(view: RootView, path: string, optional: boolean, named: Location): ReadFile {
  const damage = (state: 'missing' | 'unreadable', message: string): ReadFile => ({
    file: { path, optional, state, location: named },
    variables: {},
    gap: { level: 'damage', code: 'k3s/environment-file', message, location: named },
  });
  try {
    const text = view.readText(path);
    if (text === undefined) {
      if (volatile.test(path)) return damage('missing', `${path} only exists on the running machine`);
      if (isGlob(path) && isGlob(path.slice(0, path.lastIndexOf('/'))))
        return damage('unreadable', `patterns for directories are not resolved: ${path}`);
      if (optional) return { file: { path, optional, state: 'missing', location: named }, variables: {} };
      return damage('missing', `${path} is not in the image: the variables it should set are not known`);
    }
    const { variables, refused } = loadEnvFile(text);
    if (refused !== undefined) return damage('unreadable', `systemd refuses ${path}: ${refused}`);
    const at = view.locate(path);
    const located = Object.values(variables).map(
      ({ key, value, line }) => [key, { value, location: { ...at, line } }] as const,
    );
    return { file: { path, optional, state: 'present', location: at }, variables: createTable(located) };
  } catch (thrown) {
    const error = asImageError(thrown);
    return { ...damage('unreadable', error.message), gap: { location: named, ...damageFrom(error) } };
  }
}
