/**
 * modprobe.d(5), as kmod reads it (libkmod-config.c): a backslash at the end joins lines, `#` starts a comment only in the
 * first column, words end at blanks and tabs. `include` and `config` have not been read since kmod 12.
 */
import type { Location } from '../../location.ts';
import type { KernelFact, ModuleSoftDependency } from './kernel-fact.ts';
import { canonicalModuleName } from './module-name.ts';

export type ModprobeSettings = {
  readonly [K in
    | 'options'
    | 'softdeps'
    | 'weakdeps'
    | 'installs'
    | 'removes'
    | 'aliases'
    | 'blocks'
    | 'problems']: KernelFact[K][number][];
};

/** No settings yet, to be filled file by file. */
export function createModprobeSettings(): ModprobeSettings {
  return { options: [], softdeps: [], weakdeps: [], installs: [], removes: [], aliases: [], blocks: [], problems: [] };
}

interface Command {
  /** Whether something must follow the first word. */
  readonly takesRest: boolean;
  add(settings: ModprobeSettings, name: string, rest: string, location: Location): void;
}

/** What each command does with its first word (canonical) and the rest of the line. */
const commands: Readonly<Record<string, Command>> = {
  alias: {
    takesRest: true,
    add({ aliases }, alias, rest, location) {
      const target = firstWord(rest)?.word ?? '';
      aliases.push({ alias, name: canonicalModuleName(target), location });
    },
  },
  blacklist: {
    takesRest: false,
    add({ blocks }, name, _rest, location) {
      blocks.push({ name, kind: 'blacklist', text: `blacklist ${name}`, location });
    },
  },
  options: { takesRest: true, add: ({ options }, name, text, location) => options.push({ name, text, location }) },
  install: {
    takesRest: true,
    add({ installs, blocks }, name, command, location) {
      installs.push({ name, command, location });
      if (loadsModules(command)) return;
      blocks.push({ name, kind: 'install', text: `install ${name} ${command}`, location });
    },
  },
  remove: { takesRest: true, add: ({ removes }, name, command, location) => removes.push({ name, command, location }) },
  softdep: {
    takesRest: true,
    add: ({ softdeps }, name, rest, location) => softdeps.push(parseSoftdep(name, rest, location)),
  },
  weakdep: {
    takesRest: true,
    add({ weakdeps }, name, rest, location) {
      weakdeps.push({ name, weak: rest.split(/[\t ]+/).filter((word) => word !== ''), location });
    },
  },
};

/** Adds the settings of one file, in order, to `settings`. */
export function parseModprobeFile(text: string, file: Location, settings: ModprobeSettings): void {
  for (const { text: line, number } of joinLines(text)) {
    if (line.startsWith('#')) continue;
    const first = firstWord(line);
    if (!first) continue;
    const location = { ...file, line: number };
    const command = Object.hasOwn(commands, first.word) ? commands[first.word] : undefined;
    const argument = firstWord(first.rest);
    if (command && argument && (argument.rest !== '' || !command.takesRest))
      command.add(settings, canonicalModuleName(argument.word), argument.rest, location);
    else settings.problems.push({ message: `ignoring bad line starting with '${first.word}'`, location });
  }
}

/** False for `/bin/true`, `/bin/false`, `:` and the like. */
function loadsModules(command: string): boolean {
  return /modprobe|insmod|kmod/.test(command);
}

function parseSoftdep(name: string, text: string, location: Location): ModuleSoftDependency {
  const pre: string[] = [];
  const post: string[] = [];
  let into: string[] | undefined;
  for (const word of text.split(/[\t ]+/)) {
    if (word === 'pre:') into = pre;
    else if (word === 'post:') into = post;
    else if (word !== '') into?.push(word);
  }
  return { name, pre, post, location };
}

function firstWord(text: string): { readonly word: string; readonly rest: string } | undefined {
  let start = 0;
  while (text[start] === ' ' || text[start] === '\t') start += 1;
  let end = start;
  while (end < text.length && text[end] !== ' ' && text[end] !== '\t') end += 1;
  if (start === end) return undefined;
  let rest = end;
  while (text[rest] === ' ' || text[rest] === '\t') rest += 1;
  return { word: text.slice(start, end), rest: text.slice(rest) };
}

/** Logical lines, each with the number of its first line. A backslash before anything but a line end is dropped. */
function joinLines(text: string): readonly { readonly text: string; readonly number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let parts: string[] = [];
  let first = 1;
  for (const [index, line] of text.split('\n').entries()) {
    const continues = trailingBackslashes(line) % 2 === 1;
    parts.push((continues ? line.slice(0, -1) : line).replace(/\\(.)/g, '$1'));
    if (continues) continue;
    lines.push({ text: parts.join(''), number: first });
    parts = [];
    first = index + 2;
  }
  if (parts.length > 0) lines.push({ text: parts.join(''), number: first });
  return lines;
}

function trailingBackslashes(line: string): number {
  let count = 0;
  while (line[line.length - 1 - count] === '\\') count += 1;
  return count;
}
