/**
 * The shell of U-Boot (common/cli_hush.c): words with quotes and variables, `;` `&&` `||`, `if` and `for`. `while`, `until` and
 * command substitution, which U-Boot has not, are refused with their line. Nothing is run here.
 */
import { ImageError } from '../../../errors.ts';
import type { Location } from '../../../location.ts';

const MAX_TOKENS = 20_000;
const MAX_DEPTH = 32;

export interface HushPart {
  readonly kind: 'text' | 'variable';
  readonly text: string;
  readonly quoted: boolean;
}

export interface HushWord {
  readonly parts: readonly HushPart[];
}

export type HushStatement =
  | { readonly kind: 'command'; readonly words: readonly HushWord[]; readonly line: number; readonly joined: Joined }
  | { readonly kind: 'if'; readonly branches: readonly HushBranch[]; readonly line: number; readonly joined: Joined }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly HushWord[];
      readonly body: readonly HushStatement[];
      readonly line: number;
      readonly joined: Joined;
    };

/** Whether a statement depends on how the one before it ended. */
export type Joined = 'always' | 'if it succeeded' | 'if it failed';

export interface HushBranch {
  /** Empty for `else`. */
  readonly condition: readonly HushStatement[];
  readonly body: readonly HushStatement[];
}

interface Token {
  readonly line: number;
  /** `;`, `&&`, `||`; a line end is `;`. */
  readonly operator?: string;
  readonly word?: HushWord;
  /** The word as it stands, if nothing in it is quoted or replaced. */
  readonly bare?: string;
}

/** Splits a script into statements; ImageError `corrupt` with the line of what U-Boot would refuse. */
export function parseHush(text: string, location: Location): readonly HushStatement[] {
  const parser = new Parser(tokenize(text, location), location);
  return parser.script();
}

function tokenize(text: string, location: Location): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    if (tokens.length > MAX_TOKENS)
      throw new ImageError('limit', 'boot/u-boot-budget', `the script of U-Boot has more than ${MAX_TOKENS} words`, {
        location: { ...location, line },
      });
    const character = text.charAt(at);
    if (character === '\n' || character === ';') {
      tokens.push({ operator: ';', line });
      if (character === '\n') line++;
      at++;
    } else if (text.startsWith('&&', at) || text.startsWith('||', at)) {
      tokens.push({ operator: text.slice(at, at + 2), line });
      at += 2;
    } else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (text.startsWith('\\\n', at)) {
      line++;
      at += 2;
    } else if (/\s/.test(character)) at++;
    else {
      const read = readWord(text, at);
      const [only, other] = read.parts;
      const isBare = only && !other && only.kind === 'text' && !only.quoted;
      tokens.push({ word: { parts: read.parts }, line, ...(isBare ? { bare: only.text } : {}) });
      for (let i = at; i < read.end; i++) if (text.charCodeAt(i) === 10) line++;
      at = read.end;
    }
  }
  return tokens;
}

const variable = /\$(?:\{([^}\n]{1,128})\}|([A-Za-z_][A-Za-z0-9_]{0,127}|[?#]))/y;

function readWord(text: string, start: number): { parts: HushPart[]; end: number } {
  const parts: HushPart[] = [];
  let quote = '';
  let at = start;
  const add = (part: string): void => {
    const last = parts.at(-1);
    if (last?.kind === 'text' && last.quoted === (quote !== ''))
      parts[parts.length - 1] = { ...last, text: last.text + part };
    else parts.push({ kind: 'text', text: part, quoted: quote !== '' });
  };
  while (at < text.length) {
    const character = text.charAt(at);
    if (quote === '' && (/[\s;]/.test(character) || text.startsWith('&&', at) || text.startsWith('||', at))) break;
    if ((character === '"' || character === "'") && (quote === '' || quote === character)) {
      quote = quote === '' ? character : '';
      if (quote !== '') add('');
      at++;
    } else if (character === '\\' && quote !== "'") {
      if (text.charAt(at + 1) !== '\n') add(text.charAt(at + 1));
      at += 2;
    } else if (character === '$' && quote !== "'") {
      variable.lastIndex = at;
      const found = variable.exec(text);
      if (found) parts.push({ kind: 'variable', text: found[1] ?? found[2] ?? '', quoted: quote !== '' });
      else add('$');
      at += found?.[0].length ?? 1;
    } else {
      add(character);
      at++;
    }
  }
  return { parts, end: at };
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #location: Location;
  #at = 0;

  constructor(tokens: readonly Token[], location: Location) {
    this.#tokens = tokens;
    this.#location = location;
  }

  script(): readonly HushStatement[] {
    const statements = this.#until([], 0);
    if (this.#at < this.#tokens.length) throw this.#error(`an unexpected ${this.#tokens[this.#at]?.bare ?? 'word'}`);
    return statements;
  }

  /** Statements up to one of the closing words, which is left to the caller. */
  #until(closing: readonly string[], depth: number): readonly HushStatement[] {
    if (depth > MAX_DEPTH) throw this.#error(`more than ${MAX_DEPTH} commands inside each other`);
    const statements: HushStatement[] = [];
    let joined: Joined = 'always';
    for (;;) {
      const token = this.#tokens[this.#at];
      if (!token) {
        if (closing.length > 0) throw this.#error(`no ${closing.join(' or ')}`);
        return statements;
      }
      if (token.operator !== undefined) {
        joined = token.operator === '&&' ? 'if it succeeded' : token.operator === '||' ? 'if it failed' : joined;
        this.#at++;
        continue;
      }
      const { bare } = token;
      if (bare !== undefined && closing.includes(bare)) return statements;
      if (bare !== undefined && stray.has(bare)) throw this.#error(`an unexpected ${bare}`);
      statements.push(this.#statement(token, joined, depth));
      joined = 'always';
    }
  }

  #statement({ bare, line }: Token, joined: Joined, depth: number): HushStatement {
    if (bare === 'while' || bare === 'until') throw this.#error(`${bare}, which is not followed here`);
    if (bare === 'if') return { kind: 'if', branches: this.#if(depth), line, joined };
    if (bare === 'for') return { kind: 'for', ...this.#for(depth), line, joined };
    return { kind: 'command', words: this.#words(), line, joined };
  }

  #if(depth: number): HushBranch[] {
    const branches: HushBranch[] = [];
    for (;;) {
      const opening = this.#tokens[this.#at++]?.bare;
      if (opening === 'fi') return branches;
      const condition = opening === 'else' ? [] : this.#until(['then'], depth + 1);
      if (opening !== 'else') this.#at++;
      branches.push({ condition, body: this.#until(opening === 'else' ? ['fi'] : ['elif', 'else', 'fi'], depth + 1) });
    }
  }

  #for(depth: number): { name: string; words: readonly HushWord[]; body: readonly HushStatement[] } {
    this.#at++;
    const name = this.#tokens[this.#at++]?.bare ?? '';
    if (this.#tokens[this.#at]?.bare !== 'in') throw this.#error('a for without in');
    this.#at++;
    const words = this.#words();
    while (this.#tokens[this.#at]?.operator === ';') this.#at++;
    if (this.#tokens[this.#at]?.bare !== 'do') throw this.#error('a for without do');
    this.#at++;
    const body = this.#until(['done'], depth + 1);
    this.#at++;
    return { name, words, body };
  }

  #words(): HushWord[] {
    const words: HushWord[] = [];
    for (let token = this.#tokens[this.#at]; token?.word; token = this.#tokens[++this.#at]) words.push(token.word);
    return words;
  }

  #error(what: string): ImageError {
    const line = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]?.line ?? 1;
    return new ImageError('corrupt', 'boot/bad-u-boot-script', `the script of U-Boot cannot be read: ${what}`, {
      location: { ...this.#location, line },
    });
  }
}

/** Words that only close or divide. */
const stray = new Set(['then', 'elif', 'else', 'fi', 'do', 'done']);
