/**
 * Command lines of Exec*=: prefixes, quoting, specifiers, `;` between commands. systemd.service(5) "Command Lines",
 * load-fragment.c. Variables (`$FOO`) are left to the running system.
 */
import { isBlank, readWord } from './words.ts';

export interface ExecCommand {
  /** Absolute path or bare name, simplified. */
  readonly path: string;
  /** argv[0] as given: the path before simplification, or the word after `@` commands' path. */
  readonly argv: readonly string[];
  /** `ignore-failure`, `privileged`, `no-setuid`, `ambient`, `no-env-expand`, in systemd's order. */
  readonly flags: readonly ExecFlag[];
}

export type ExecFlag = 'ignore-failure' | 'privileged' | 'no-setuid' | 'ambient' | 'no-env-expand';

export type ExecResult =
  | { readonly commands: readonly ExecCommand[]; readonly ignored?: string }
  | { readonly fatal: string; readonly commands: readonly ExecCommand[] };

/** Turns specifiers into text; undefined if one is unknown. */
export type Expand = (text: string) => string | undefined;

/** Parses one Exec*= assignment. `fatal` makes the unit unloadable, `ignored` only drops the rest of the line. */
export function parseExecCommands(value: string, expand: Expand): ExecResult {
  const commands: ExecCommand[] = [];
  let at = 0;
  for (;;) {
    const first = readWord(value, at, 'decode');
    if (!first) return { commands };
    if ('error' in first) return { commands, ignored: first.error };
    at = first.next;
    if (first.text === ';') continue;
    const prefixes = readPrefixes(first.text);
    const parsed = parseOne(value, at, prefixes, expand);
    if ('error' in parsed) {
      const tolerated = prefixes.flags.has('ignore-failure');
      return tolerated ? { commands, ignored: parsed.error } : { commands, fatal: parsed.error };
    }
    commands.push(parsed.command);
    at = parsed.next;
    if (!parsed.more) return { commands };
  }
}

interface Prefixes {
  readonly rest: string;
  readonly flags: ReadonlySet<ExecFlag>;
  readonly separateName: boolean;
}

function readPrefixes(word: string): Prefixes {
  const flags = new Set<ExecFlag>();
  let separateName = false;
  let at = 0;
  for (; at < word.length; at++) {
    const mark = word[at];
    const setsCredentials = flags.has('privileged') || flags.has('no-setuid') || flags.has('ambient');
    if (mark === '-' && !flags.has('ignore-failure')) flags.add('ignore-failure');
    else if (mark === '@' && !separateName) separateName = true;
    else if (mark === ':' && !flags.has('no-env-expand')) flags.add('no-env-expand');
    else if (mark === '+' && !setsCredentials) flags.add('privileged');
    else if (mark === '!' && word[at + 1] === '!' && !setsCredentials) {
      flags.add('ambient');
      at++;
    } else if (mark === '!' && !setsCredentials) flags.add('no-setuid');
    else break;
  }
  return { rest: word.slice(at), flags, separateName };
}

type One =
  | { readonly command: ExecCommand; readonly next: number; readonly more: boolean }
  | { readonly error: string };

function parseOne(value: string, from: number, prefixes: Prefixes, expand: Expand): One {
  const path = expand(prefixes.rest);
  if (path === undefined) return { error: `Failed to resolve unit specifiers in '${prefixes.rest}'` };
  const wrong = checkExecutable(path, value);
  if (wrong !== undefined) return { error: wrong };
  const argv: string[] = prefixes.separateName ? [] : [path];
  let at = from;
  let more = false;
  while (at < value.length) {
    if (value[at] === ';' && endsWord(value, at + 1)) {
      at++;
      more = true;
      break;
    }
    if (value.startsWith('\\;', at) && endsWord(value, at + 2)) {
      argv.push(';');
      at += 2;
      while (isBlank(value[at])) at++;
      continue;
    }
    const word = readWord(value, at, 'decode');
    if (!word) break;
    if ('error' in word) return word;
    const text = expand(word.text);
    if (text === undefined) return { error: `Failed to resolve unit specifiers in '${word.text}'` };
    argv.push(text);
    at = word.next;
  }
  if (argv.length === 0 || argv[0] === '') return { error: `Empty executable name or zeroeth argument: ${value}` };
  return {
    command: { path: simplifyPath(path), argv, flags: flagOrder.filter((flag) => prefixes.flags.has(flag)) },
    next: at,
    more,
  };
}

const flagOrder: readonly ExecFlag[] = ['ignore-failure', 'privileged', 'no-setuid', 'ambient', 'no-env-expand'];

function endsWord(value: string, at: number): boolean {
  return at >= value.length || isBlank(value[at]);
}

function checkExecutable(path: string, value: string): string | undefined {
  if (path === '') return `Empty path in command line: '${value}'`;
  if (/["'\\]/.test(path) || hasControl(path)) return `Executable name contains special characters: ${path}`;
  const absolute = path.startsWith('/');
  if (!absolute && (path.includes('/') || path === '.' || path === '..' || path.length > 255))
    return `Neither a valid executable name nor an absolute path: ${path}`;
  if (path.endsWith('/')) return `Executable path specifies a directory: ${path}`;
  return undefined;
}

function hasControl(text: string): boolean {
  for (const character of text) if (character < ' ' || character === '\x7f') return true;
  return false;
}

/** Below a directory that the kernel fills: no place for a file of one's own. path-util.c. */
export function isBelowApiDirectory(path: string): boolean {
  return /^\/(?:proc|sys|dev)(?:\/|$)/.test(path);
}

/** Without repeated slashes, `.` components and a slash at the end. */
export function simplifyPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return path.startsWith('/') ? `/${parts.join('/')}` : parts.join('/');
}
