/**
 * Words of a value: white space separates, quotes group, backslashes escape. systemd.syntax(7) "Quoting",
 * extract-word.c and escape.c. Three treatments of the backslash exist, one per family of directives.
 */
import { decodeBytes, encodeBytes } from '../../../bytes/names.ts';

/** `decode`: C escapes. `retain`: kept as written. `drop`: the next character stands for itself. */
export type BackslashRule = 'decode' | 'retain' | 'drop';

export interface Word {
  readonly text: string;
  /** Index in the value of what follows the word and its white space. */
  readonly next: number;
}

export type WordResult = Word | { readonly error: string } | undefined;

const blanks = ' \t\n\r';

export function isBlank(character: string | undefined): boolean {
  return character !== undefined && character !== '' && blanks.includes(character);
}

/** The word that starts at or after `from`; undefined at the end of the value. An invalid escape stays as written. */
export function readWord(value: string, from: number, rule: BackslashRule): WordResult {
  let at = from;
  while (isBlank(value[at])) at++;
  if (at >= value.length) return undefined;
  let text = '';
  let quote = '';
  for (; at < value.length; at++) {
    const character = value[at] as string;
    if (character === '\\' && rule !== 'retain') {
      if (at + 1 >= value.length) {
        if (quote !== '') return { error: `Unbalanced quoting in '${value}'` };
        text += '\\';
        continue;
      }
      const decoded = rule === 'decode' ? decodeEscape(value, at + 1) : undefined;
      if (decoded) {
        text += decoded.text;
        at = decoded.next - 1;
      } else {
        text += rule === 'decode' ? `\\${value[at + 1]}` : (value[at + 1] as string);
        at++;
      }
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else text += character;
    } else if (character === '"' || character === "'") quote = character;
    else if (isBlank(character)) break;
    else text += character;
  }
  if (quote !== '') return { error: `Unbalanced quoting in '${value}'` };
  while (isBlank(value[at])) at++;
  return { text: mergeBytes(text), next: at };
}

/** All words of a value; an unbalanced quote ends the list and is reported. */
export function splitWords(
  value: string,
  rule: BackslashRule,
): { readonly words: readonly string[]; readonly error?: string } {
  if (!/["'\\]/.test(value)) return { words: value.split(/[ \t\n\r]+/).filter((word) => word !== '') };
  const words: string[] = [];
  let at = 0;
  for (;;) {
    const word = readWord(value, at, rule);
    if (!word) return { words };
    if ('error' in word) return { words, error: word.error };
    words.push(word.text);
    at = word.next;
  }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  s: ' ',
};

/** The escape whose letter is at `at` (after the backslash); undefined if it is not one. */
function decodeEscape(value: string, at: number): { readonly text: string; readonly next: number } | undefined {
  const letter = value[at] as string;
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
  if (simple !== undefined) return { text: simple, next: at + 1 };
  const match = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/.exec(
    value.slice(at, at + 9),
  );
  if (!match) return undefined;
  const [all, hex, short, long, octal] = match;
  const code = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex ?? short ?? long ?? '', 16);
  const next = at + all.length;
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  if (hex === undefined && octal === undefined) return { text: String.fromCodePoint(code), next };
  return { text: code < 0x80 ? String.fromCharCode(code) : String.fromCharCode(0xdc00 + code), next };
}

/** Whether a backslash stands before a character that means nothing to systemd (`\\;` aside, which separates commands). */
export function hasUnknownEscape(text: string): boolean {
  if (!text.includes('\\')) return false;
  for (let at = text.indexOf('\\'); at >= 0 && at + 1 < text.length; at = text.indexOf('\\', at + 2)) {
    if (text[at + 1] !== ';' && decodeEscape(text, at + 1) === undefined) return true;
  }
  return false;
}

/** Bytes that were written as `\xNN` and together are UTF-8 become the characters they spell. */
function mergeBytes(text: string): string {
  return /[\udc80-\udcff]/.test(text) ? decodeBytes(encodeBytes(text)) : text;
}

const shellNeedsQuotes = /[\s\p{Cc}"\\`$*?['()<>|&;!]/u;

/** A word as systemd prints it in a list: bare, or in double quotes if a shell would read it otherwise (escape.c). */
export function formatWord(text: string): string {
  if (text !== '' && !shellNeedsQuotes.test(text)) return text;
  return `"${text.replace(/["\\`$]/g, '\\$&')}"`;
}
