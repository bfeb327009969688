/** One line of tmpfiles.d(5), as parse_line() of systemd-tmpfiles reads it: six words and an argument that runs to the end. */
import type { Location } from '../../location.ts';
import { stripBlanks } from '../conf-files/lines.ts';
import type { Expanded } from '../conf-files/specifiers.ts';
import { unescapeC } from '../conf-files/unescape.ts';
import { readWord } from '../systemd/values/words.ts';
import type { TmpfilesLine } from './tmpfiles-fact.ts';

/** Types, and what each does with path and argument. */
interface LineType {
  /** The path is a pattern, applied after all others. */
  readonly glob?: boolean;
  /** `ignored`, or needed. */
  readonly argument?: 'ignored' | 'needed';
  /** Two different lines of such types cannot have one path. */
  readonly owns?: boolean;
}

const types: Readonly<Record<string, LineType>> = {
  f: { owns: true },
  F: { owns: true },
  w: { owns: true, glob: true, argument: 'needed' },
  d: { owns: true, argument: 'ignored' },
  D: { owns: true, argument: 'ignored' },
  e: { owns: true, glob: true, argument: 'ignored' },
  v: { owns: true, argument: 'ignored' },
  q: { owns: true, argument: 'ignored' },
  Q: { owns: true, argument: 'ignored' },
  p: { owns: true, argument: 'ignored' },
  L: { owns: true },
  c: { owns: true, argument: 'needed' },
  b: { owns: true, argument: 'needed' },
  C: { owns: true },
  x: { owns: true, glob: true, argument: 'ignored' },
  X: { owns: true, glob: true, argument: 'ignored' },
  r: { owns: true, glob: true, argument: 'ignored' },
  R: { owns: true, glob: true, argument: 'ignored' },
  z: { glob: true, argument: 'ignored' },
  Z: { glob: true, argument: 'ignored' },
  m: { glob: true, argument: 'ignored' },
  t: { glob: true, argument: 'needed' },
  T: { glob: true, argument: 'needed' },
  h: { glob: true, argument: 'needed' },
  H: { glob: true, argument: 'needed' },
  a: { glob: true, argument: 'needed' },
  A: { glob: true, argument: 'needed' },
};

/** Whether paths of that type are patterns. */
export function takesGlob(type: string): boolean {
  return types[type]?.glob ?? false;
}

/** Whether a line of that type claims its path. */
export function ownsPath(type: string): boolean {
  return types[type]?.owns ?? false;
}

export type ParsedLine =
  | { readonly state: 'line'; readonly line: TmpfilesLine }
  | { readonly state: 'undecided' }
  | { readonly state: 'problem'; readonly message: string };

/** Ids of account names; undefined for a name nobody has. */
export interface AccountIds {
  uid(name: string): number | undefined;
  gid(name: string): number | undefined;
}

/** `text` is stripped and no comment. */
export function parseTmpfilesLine(
  text: string,
  location: Location,
  expand: (text: string) => Expanded,
  ids: AccountIds,
): ParsedLine {
  const words: string[] = [];
  let at = 0;
  while (words.length < 6) {
    const word = readWord(text, at, 'decode');
    if (!word) break;
    if ('error' in word) return problem('Failed to parse line: Invalid argument');
    words.push(word.text);
    at = word.next;
  }
  const [action = '', rawPath, mode, user, group, age] = words;
  if (rawPath === undefined) return problem('Syntax error.');
  const type = action.slice(0, 1);
  const modifiers = action.slice(1);
  if (!/^[!+\-=~^$?]*$/.test(modifiers) || new Set(modifiers).size < modifiers.length)
    return problem(`Unknown modifiers in command '${action}'`);
  const kind = Object.hasOwn(types, type) ? types[type] : undefined;
  if (!kind) return problem(`Unknown command type '${type}'.`);

  const path = expand(rawPath);
  if (path.state === 'invalid') return problem(`Failed to replace specifiers in '${rawPath}'`);
  if (path.state === 'at boot') return { state: 'undecided' };
  if (!path.text.startsWith('/')) return problem(`Path '${path.text}' not absolute.`);
  const rest = text.slice(at);
  const written = kind.argument === 'ignored' ? undefined : dash(rest);
  const argument = written === undefined || modifiers.includes('~') ? written : unescapeC(written);
  if (argument === undefined && written !== undefined) return problem('Failed to unescape parameter: Invalid argument');
  if (argument === undefined && kind.argument === 'needed') return problem(`${type} lines need an argument.`);
  const expanded = argument === undefined || modifiers.includes('~') ? undefined : expand(argument);
  if (expanded?.state === 'invalid') return problem(`Failed to substitute specifiers in argument: Invalid slot`);
  if (expanded?.state === 'at boot') return { state: 'undecided' };

  const bits = parseBits(dash(mode));
  if (!bits) return problem(`Invalid mode '${mode}'.`);
  const owner = parseOwner(dash(user), ids.uid);
  if (owner === 'unknown') return problem(`Failed to resolve user '${user}': No such process`);
  const owners = parseOwner(dash(group), ids.gid);
  if (owners === 'unknown') return problem(`Failed to resolve group '${group}'.`);
  const line: TmpfilesLine = {
    type,
    modifiers,
    path: simplifyPath(path.text),
    ...bits,
    ...(owner === undefined ? {} : { uid: owner }),
    ...(owners === undefined ? {} : { gid: owners }),
    ...optional('age', dash(age)),
    ...optional('argument', expanded?.text ?? argument ?? factoryPath(type, path.text)),
    ...optional('written', machineId.test(text) ? text : undefined),
    location,
  };
  return { state: 'line', line };
}

const machineId = /(?<!%)(?:%%)*%m/;

function problem(message: string): ParsedLine {
  return { state: 'problem', message };
}

/** A field that is set: `-` and nothing are unset. */
function dash(field: string | undefined): string | undefined {
  return field === undefined || field === '' || field === '-' ? undefined : field;
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

/** `L` and `C` without an argument take what the vendor keeps in /usr/share/factory. */
function factoryPath(type: string, path: string): string | undefined {
  return type === 'L' || type === 'C' ? `/usr/share/factory${simplifyPath(path)}` : undefined;
}

/** An id, or the id of a name; `:` before it (only on creation) is passed over. */
function parseOwner(
  text: string | undefined,
  find: (name: string) => number | undefined,
): number | 'unknown' | undefined {
  if (text === undefined) return undefined;
  const name = text.replace(/^:/, '');
  if (/^[0-9]{1,10}$/.test(name)) return Number(name);
  return find(name) ?? 'unknown';
}

/** undefined for an invalid mode. */
function parseBits(text: string | undefined): Pick<TmpfilesLine, 'mode' | 'masked' | 'onlyCreate'> | undefined {
  if (text === undefined) return {};
  const match = /^([~:]*)([0-7]{1,6})$/.exec(text);
  const mode = Number.parseInt(match?.[2] ?? '7777777', 8);
  if (mode > 0o7777) return undefined;
  const marks = match?.[1] ?? '';
  return {
    mode,
    ...(marks.includes('~') ? { masked: true } : {}),
    ...(marks.includes(':') ? { onlyCreate: true } : {}),
  };
}

/** No empty and no `.` components; a leading /var/run is /run. */
function simplifyPath(path: string): string {
  const parts = stripBlanks(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const start = parts[0] === 'var' && parts[1] === 'run' && parts.length > 2 ? 1 : 0;
  return `/${parts.slice(start).join('/')}`;
}
