/**
 * The statements of an nftables script: tokens up to a line end or `;`, the braces of sets inside, and blocks of statements
 * behind `table`, `chain`, `set` and their like.
 */
import { Refused } from './refused.ts';
import type { Token } from './tokens.ts';

/** Objects no rule's verdict depends on. */
export const otherObjects: ReadonlySet<string> = new Set([
  'counter',
  'quota',
  'limit',
  'secmark',
  'synproxy',
  'tunnel',
  'ct',
  'flowtable',
]);
const blockWords: ReadonlySet<string> = new Set(['table', 'chain', 'set', 'map', ...otherObjects]);

export class StatementReader {
  readonly #tokens: readonly Token[];
  readonly #expand: (tokens: readonly Token[]) => readonly Token[];
  #at = 0;

  /** `expand` puts the values of variables in. */
  constructor(tokens: readonly Token[], expand: (tokens: readonly Token[]) => readonly Token[]) {
    this.#tokens = tokens;
    this.#expand = expand;
  }

  /** Runs `each` on every statement of the file; it reads the blocks itself. */
  readAll(each: (statement: readonly Token[]) => void): void {
    for (let statement = this.#next(); statement; statement = this.#next()) each(statement);
    const rest = this.#tokens[this.#at];
    if (rest) throw new Refused("'}' without a block", rest.line);
  }

  /** Runs `each` on every statement of the block that opens here; a statement without a block has none. */
  readBlock(each: (statement: readonly Token[]) => void): void {
    const open = this.#tokens[this.#at];
    if (open?.text !== '{' || open.kind !== 'symbol') return;
    this.#at++;
    for (let statement = this.#next(); statement; statement = this.#next()) each(statement);
    if (this.#tokens[this.#at]?.text !== '}') throw new Refused("'{' is not closed", open.line);
    this.#at++;
  }

  /** For a block that opens, the tokens before its brace. Undefined at the end of the enclosing block. */
  #next(): readonly Token[] | undefined {
    while (this.#tokens[this.#at]?.kind === 'newline' || this.#tokens[this.#at]?.text === ';') this.#at++;
    const start = this.#at;
    const first = this.#tokens[start];
    if (!first || (first.kind === 'symbol' && first.text === '}')) return undefined;
    const hasBlock = opensBlock(this.#tokens, start);
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at++) {
      const { kind, text } = this.#tokens[this.#at] as Token;
      if (kind !== 'symbol' && kind !== 'newline') continue;
      if (depth === 0 && (kind === 'newline' || text === ';' || text === '}')) break;
      if (depth === 0 && text === '{' && hasBlock) break;
      if (text === '{') depth++;
      else if (text === '}') depth--;
    }
    if (depth > 0) throw new Refused("'{' is not closed", first.line);
    const statement = this.#tokens.slice(start, this.#at).filter(({ kind }) => kind !== 'newline');
    return first.text === 'define' || first.text === 'redefine' ? statement : this.#expand(statement);
  }
}

/** Whether the brace behind these words opens a block of statements, not a set. */
function opensBlock(tokens: readonly Token[], start: number): boolean {
  const isAdded = /^(?:add|create)$/.test(tokens[start]?.text ?? '');
  const at = isAdded ? start + 1 : start;
  const [word = '', second = '', third] = tokens.slice(at, at + 3).map(({ text }) => text);
  if (word === 'ct') return /^(?:helper|timeout|expectation)$/.test(second);
  if (word === 'counter' || word === 'limit' || word === 'quota') return third === '{';
  return blockWords.has(word);
}

/** The tokens between the outermost braces; all of them if there are none. */
export function insideBraces(tokens: readonly Token[]): readonly Token[] {
  return tokens[0]?.text === '{' && tokens[0].kind === 'symbol' ? tokens.slice(1, -1) : tokens;
}
