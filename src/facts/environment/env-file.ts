/**
 * Environment files (EnvironmentFile=, environment.d, os-release, locale.conf) as systemd parses them (src/basic/env-file.c): a
 * state machine over characters, close to shell but not shell. Quotes hold line ends, a backslash joins lines, `#` and `;` start
 * a comment where a name could start, `export` is part of the name.
 */
import { createTable, type Table } from '../../table.ts';

export interface EnvAssignment {
  readonly key: string;
  /** Undefined if nothing at all follows the `=`: EnvironmentFile= makes it empty, environment.d rejects it. */
  readonly value: string | undefined;
  /** Line where the name starts, from 1. */
  readonly line: number;
  /** The line systemd names in its messages: it counts ends of assignments, not those in quotes or behind backslashes. */
  readonly reportedLine: number;
}

export interface EnvFileOptions {
  /** Since systemd 254 a comment ends at its line end even behind a backslash. */
  readonly commentsEndAtLineEnd?: boolean;
}

type State =
  | 'before key'
  | 'key'
  | 'before value'
  | 'value'
  | 'value escape'
  | 'single quote'
  | 'double quote'
  | 'double quote escape'
  | 'comment'
  | 'comment escape';

/** States in which the end of the text ends an assignment. */
const inValue: ReadonlySet<State> = new Set<State>([
  'before value',
  'value',
  'value escape',
  'single quote',
  'double quote',
  'double quote escape',
]);

/** Characters whose backslash disappears inside double quotes. */
const escapable = '"\\`$';

/** Every assignment in order, as written: names unchecked, repetitions kept. Total: any text has a reading. */
export function parseEnvFile(text: string, options: EnvFileOptions = {}): readonly EnvAssignment[] {
  const assignments: EnvAssignment[] = [];
  let state: State = 'before key';
  let key = '';
  let value: string | undefined;
  /** Length the value is cut to when it ends: blanks behind it do not count unless quoted or escaped. */
  let kept = 0;
  let line = 1;
  let keyLine = 1;
  let reportedLine = 1;

  const take = (character: string): void => {
    value = (value ?? '') + character;
  };
  const finish = (cut: boolean): void => {
    if (cut && value !== undefined) value = value.slice(0, kept);
    assignments.push({ key: trimEndBlanks(key), value, line: keyLine, reportedLine });
    key = '';
    value = undefined;
  };

  for (const character of text) {
    const newline = character === '\n' || character === '\r';
    switch (state) {
      case 'before key':
        if (character === '#' || character === ';') state = 'comment';
        else if (!isBlank(character)) {
          state = 'key';
          key = character;
          keyLine = line;
        }
        break;
      case 'key':
        if (newline) {
          state = 'before key';
          reportedLine += 1;
          key = '';
        } else if (character === '=') {
          state = 'before value';
          kept = 0;
        } else key += character;
        break;
      case 'before value':
        if (newline) {
          state = 'before key';
          reportedLine += 1;
          finish(false);
        } else if (character === "'") state = 'single quote';
        else if (character === '"') state = 'double quote';
        else if (character === '\\') state = 'value escape';
        else if (!isBlank(character)) {
          state = 'value';
          take(character);
          kept = value?.length ?? 0;
        }
        break;
      case 'value':
        if (newline) {
          state = 'before key';
          reportedLine += 1;
          finish(true);
        } else if (character === '\\') {
          state = 'value escape';
          kept = value?.length ?? 0;
        } else {
          take(character);
          if (!isBlank(character)) kept = value?.length ?? 0;
        }
        break;
      case 'value escape':
        state = 'value';
        if (!newline) take(character);
        kept = value?.length ?? 0;
        break;
      case 'single quote':
        if (character === "'") state = 'before value';
        else take(character);
        break;
      case 'double quote':
        if (character === '"') state = 'before value';
        else if (character === '\\') state = 'double quote escape';
        else take(character);
        break;
      case 'double quote escape':
        state = 'double quote';
        if (escapable.includes(character)) take(character);
        else if (character !== '\n') take(`\\${character}`);
        break;
      case 'comment':
        if (character === '\\') state = 'comment escape';
        else if (newline) {
          state = 'before key';
          reportedLine += 1;
        }
        break;
      case 'comment escape':
        state = 'comment';
        if (newline && options.commentsEndAtLineEnd) {
          state = 'before key';
          reportedLine += 1;
        }
        break;
    }
    if (character === '\n') line += 1;
  }
  if (inValue.has(state)) finish(state === 'value');
  return assignments;
}

export interface EnvironmentFile {
  /** Why systemd refuses the whole file; then there are no variables. */
  readonly refused?: string;
  /** By name, in the order of first assignment; a later assignment replaces the value. */
  readonly variables: Table<EnvAssignment & { readonly value: string }>;
  /** Assignments that were replaced, latest first. */
  readonly beaten: readonly EnvAssignment[];
}

/** load_env_file(): what EnvironmentFile= and os-release make of a text. One invalid character refuses all of it. */
export function loadEnvFile(text: string, options: EnvFileOptions = {}): EnvironmentFile {
  const variables = createTable<EnvAssignment & { readonly value: string }>();
  const beaten: EnvAssignment[] = [];
  if (text.includes('\0')) return { refused: 'it holds a NUL byte', variables, beaten };
  for (const assignment of parseEnvFile(text, options)) {
    const { key, value = '' } = assignment;
    if (!isValidUtf8(key) || !isValidUtf8(value))
      return { refused: `invalid UTF-8 in line ${assignment.line}`, variables: createTable(), beaten: [] };
    const before = variables[key];
    if (before) beaten.push(before);
    variables[key] = { ...assignment, value };
  }
  return { variables, beaten: beaten.reverse() };
}

/** utf8_is_valid(): well-formed, and no noncharacters. Undecodable bytes arrive as lone surrogates (bytes/names.ts). */
export function isValidUtf8(text: string): boolean {
  return !/[\p{Surrogate}\p{Noncharacter_Code_Point}]/u.test(text);
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

function trimEndBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text[end - 1] as string)) end -= 1;
  return text.slice(0, end);
}
