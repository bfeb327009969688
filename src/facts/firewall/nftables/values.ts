/**
 * The right side of an nftables match: one value, values joined by commas, a set in braces, or a named set. Elements of
 * concatenations keep their parts.
 */
import type { NftSet } from './ruleset.ts';
import { insideBraces } from './statements.ts';
import type { Token } from './tokens.ts';

/** One element: its parts (several in a concatenation), and in maps what it leads to. */
export interface Element {
  readonly parts: readonly string[];
  readonly target: readonly Token[];
}

export interface Values {
  readonly elements: readonly Element[];
  /** The set is filled while the machine runs. */
  readonly isDynamic: boolean;
  /** Tokens used. */
  readonly length: number;
}

/** The values that stand at the head of the tokens; undefined if a set of that name does not exist or a brace is open. */
export function readValues(tokens: readonly Token[], sets: ReadonlyMap<string, NftSet>): Values | undefined {
  const [first] = tokens;
  if (!first) return undefined;
  if (first.kind === 'symbol' && first.text === '{') {
    const end = closingBrace(tokens);
    if (end < 0) return undefined;
    return { elements: splitElements(tokens.slice(1, end)), isDynamic: false, length: end + 1 };
  }
  if (first.kind === 'word' && first.text.startsWith('@')) {
    const set = sets.get(first.text.slice(1));
    return set && { elements: splitElements(insideBraces(set.elements)), isDynamic: set.isDynamic, length: 1 };
  }
  let length = 1;
  while (tokens[length]?.text === ',' && tokens[length + 1]) length += 2;
  const words = tokens.slice(0, length).filter(({ text }) => text !== ',');
  return { elements: words.map(({ text }) => ({ parts: [text], target: [] })), isDynamic: false, length };
}

function closingBrace(tokens: readonly Token[]): number {
  let depth = 0;
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'symbol') continue;
    if (text === '{') depth++;
    if (text === '}' && --depth === 0) return at;
  }
  return -1;
}

/** `a, b . c : accept`: elements at commas, targets behind the colon, parts at dots. Inner braces are those of variables. */
function splitElements(tokens: readonly Token[]): readonly Element[] {
  const elements: Element[] = [];
  let current: Token[] = [];
  const finish = (): void => {
    const colon = current.findIndex(({ kind, text }) => kind === 'symbol' && text === ':');
    const key = colon < 0 ? current : current.slice(0, colon);
    const parts = partsOf(key);
    if (parts.length > 0) elements.push({ parts, target: colon < 0 ? [] : current.slice(colon + 1) });
    current = [];
  };
  for (const token of tokens) {
    if (token.kind === 'symbol' && (token.text === '{' || token.text === '}')) continue;
    if (token.kind === 'symbol' && token.text === ',') finish();
    else current.push(token);
  }
  finish();
  return elements;
}

/** Words that say something of an element but do not belong to its value. */
const elementOptions: ReadonlySet<string> = new Set(['timeout', 'expires', 'comment', 'counter', 'limit']);

function partsOf(tokens: readonly Token[]): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const { kind, text } of tokens) {
    if (kind === 'word' && elementOptions.has(text)) break;
    if (kind === 'word' && text === '.') {
      parts.push(part);
      part = '';
    } else part += text;
  }
  return part === '' ? parts : [...parts, part];
}
