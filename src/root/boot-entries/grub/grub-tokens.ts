/**
 * Words of a grub.cfg (GRUB manual, "Shell-like scripting"): single quotes keep everything, double quotes keep blanks and
 * replace variables, a backslash keeps the next character and joins lines; `{`, `}`, `;` and line ends stand alone.
 */

import { ImageError } from '../../../errors.ts';
import type { Location } from '../../../location.ts';

/** Real files have some thousands of words. */
const MAX_TOKENS = 50_000;

export interface WordPart {
  readonly kind: 'text' | 'variable';
  /** The text, or the variable's name. */
  readonly text: string;
  readonly quoted: boolean;
}

export interface Word {
  readonly parts: readonly WordPart[];
  readonly line: number;
}

export interface Token {
  /** `{`, `}`, `end` (of a command), a reserved word where a command begins; empty for any other word. */
  readonly keyword: string;
  /** Absent for `{`, `}` and `end`. */
  readonly word?: Word;
  readonly line: number;
}

const reserved = new Set([
  ...['if', 'then', 'elif', 'else', 'fi', 'function', 'for', 'while', 'until', 'do', 'done', 'menuentry', 'submenu'],
]);
/** After these a command begins, as it does after `end`. */
const openers = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '{', '}', 'end']);
const variable = /\$(?:\{([^}\s]{1,128})\}|([A-Za-z_][A-Za-z0-9_]{0,127}|[0-9?@*#]))/y;
const plain = /[^\s{};|&<>'"\\$#]+/y;

/**
 * Splits a whole file into tokens; an open quote ends with the file. ImageError `limit` if there are too many.
 */
export function tokenizeGrub(text: string, location: Location): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  const beginsCommand = (): boolean => {
    const before = tokens.at(-1);
    return !before || openers.has(before.keyword);
  };
  while (at < text.length) {
    if (tokens.length > MAX_TOKENS)
      throw new ImageError('limit', 'boot/grub-budget', `grub.cfg has more than ${MAX_TOKENS} words`, {
        location: { ...location, line },
      });
    const character = text.charAt(at);
    if (character === '\n' || character === ';' || character === '|' || character === '&') {
      if (tokens.at(-1)?.keyword !== 'end') tokens.push({ keyword: 'end', line });
      if (character === '\n') line++;
      at++;
    } else if (character === '{' || character === '}') {
      tokens.push({ keyword: character, line });
      at++;
    } else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (/[\s<>]/.test(character)) at++;
    else if (character === '\\' && /^\r?\n/.test(text.slice(at + 1, at + 3))) {
      at = text.indexOf('\n', at) + 1;
      line++;
    } else {
      const read = readWord(text, at, line);
      const bare = read.word.parts.length === 1 && read.word.parts[0]?.quoted === false ? read.word.parts[0].text : '';
      const keyword = reserved.has(bare) && beginsCommand() ? bare : '';
      tokens.push(wordToken(keyword, read.word));
      at = read.end;
      line = read.line;
    }
  }
  return tokens;
}

/** Words that only shape a command carry no word; `menuentry`, `submenu` and `function` are the first word of theirs. */
function wordToken(keyword: string, word: Word): Token {
  const shapes = keyword !== '' && keyword !== 'menuentry' && keyword !== 'submenu' && keyword !== 'function';
  return shapes ? { keyword, line: word.line } : { keyword, word, line: word.line };
}

function readWord(text: string, start: number, startLine: number): { word: Word; end: number; line: number } {
  const parts: WordPart[] = [];
  let at = start;
  let line = startLine;
  let inQuotes = false;
  const add = (kind: WordPart['kind'], value: string, quoted: boolean): void => {
    parts.push({ kind, text: value, quoted });
    for (let i = value.indexOf('\n'); i >= 0; i = value.indexOf('\n', i + 1)) line++;
  };
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      inQuotes = !inQuotes;
      if (inQuotes) add('text', '', true);
      at++;
    } else if (character === "'" && !inQuotes) {
      const close = text.indexOf("'", at + 1);
      const end = close < 0 ? text.length : close;
      add('text', text.slice(at + 1, end), true);
      at = end + 1;
    } else if (character === '\\') {
      const next = text.charAt(at + 1);
      if (next === '\n') line++;
      else if (inQuotes && !'$"\\'.includes(next)) add('text', `\\${next}`, true);
      else add('text', next, true);
      at += 2;
    } else if (character === '$') {
      const name = matchAt(variable, text, at);
      if (name) add('variable', name[1] ?? name[2] ?? '', inQuotes);
      else add('text', '$', inQuotes);
      at += name?.[0].length ?? 1;
    } else if (inQuotes) {
      const end = text.slice(at).search(/["\\$]/);
      const stop = end < 0 ? text.length : at + end;
      add('text', text.slice(at, stop), true);
      at = stop;
    } else {
      const run = matchAt(plain, text, at);
      if (!run && character !== '#') break;
      add('text', run?.[0] ?? character, false);
      at += run?.[0].length ?? 1;
    }
  }
  return { word: { parts, line: startLine }, end: at, line };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
