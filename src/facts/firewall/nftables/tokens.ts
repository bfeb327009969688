/**
 * Tokens of an nftables script (nft(8), scanner.l): words, quoted strings, the symbols `{ } ; , : ( )`, operators, and line
 * ends, which end statements. A backslash at the end of a line joins it with the next.
 */
import { Refused } from './refused.ts';

export interface Token {
  readonly text: string;
  readonly kind: 'word' | 'string' | 'symbol' | 'newline';
  /** From 1. */
  readonly line: number;
}

const symbols = '{};,()';
const operators = '!=<>&|^';
const blank = ' \t\r\f\v';

/** The tokens of a text; throws Refused where a string does not end. */
export function scanTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === '\n') {
      tokens.push({ text: '\n', kind: 'newline', line });
      line++;
      at++;
    } else if (blank.includes(character)) at++;
    else if (character === '\\' && /^\\[ \t\r]*$/.test(text.slice(at, endOfLine(text, at)))) {
      at = endOfLine(text, at) + 1;
      line++;
    } else if (character === '#') at = endOfLine(text, at);
    else if (character === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0) throw new Refused('a quoted string does not end', line, true);
      const content = text.slice(at + 1, end);
      tokens.push({ text: content, kind: 'string', line });
      line += countLines(content);
      at = end + 1;
    } else if (symbols.includes(character)) {
      tokens.push({ text: character, kind: 'symbol', line });
      at++;
    } else if (operators.includes(character)) {
      const end = spanEnd(text, at, (one) => operators.includes(one));
      tokens.push({ text: text.slice(at, end), kind: 'symbol', line });
      at = end;
    } else {
      const end = spanEnd(text, at, isWordCharacter);
      for (const word of splitColon(text.slice(at, end)))
        tokens.push({ text: word, kind: word === ':' ? 'symbol' : 'word', line });
      at = end;
    }
  }
  return tokens;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function spanEnd(text: string, from: number, isInside: (character: string) => boolean): number {
  let end = from + 1;
  while (end < text.length && isInside(text[end] as string)) end++;
  return end;
}

function isWordCharacter(character: string): boolean {
  return !(
    character === '\n' ||
    character === '"' ||
    character === '#' ||
    blank.includes(character) ||
    symbols.includes(character) ||
    operators.includes(character)
  );
}

/** `22:accept` is three tokens; the colons of IPv6 and hardware addresses stay inside the word. */
function splitColon(word: string): readonly string[] {
  const first = word.indexOf(':');
  if (first < 0 || word === ':' || word.indexOf(':', first + 1) >= 0) return [word];
  return [word.slice(0, first), ':', word.slice(first + 1)].filter((part) => part !== '');
}
