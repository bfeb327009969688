/**
 * The shape of a grub.cfg: commands, `if`, functions and menu entries, each word with its variables still in it. A subset
 * of GRUB's shell (GRUB manual, "Writing full configuration files"); loops are read over, redirections do not exist in it.
 */
import { ImageError } from '../../../errors.ts';
import type { Location } from '../../../location.ts';
import { type Token, tokenizeGrub, type Word } from './grub-tokens.ts';

export type Statement =
  | { readonly kind: 'command'; readonly words: readonly Word[]; readonly line: number }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
  | { readonly kind: 'function'; readonly name: string; readonly body: readonly Statement[] }
  | {
      readonly kind: 'menuentry' | 'submenu';
      readonly words: readonly Word[];
      readonly body: readonly Statement[];
      readonly line: number;
    };

export interface Branch {
  readonly condition: readonly Statement[];
  readonly body: readonly Statement[];
}

/** Blocks inside blocks; grub-mkconfig writes four. */
const MAX_NESTING = 32;

/** Parses a whole file; ImageError `corrupt` with its line where a block does not end. */
export function parseGrub(text: string, location: Location): Statement[] {
  const parser = new Parser(tokenizeGrub(text, location), location);
  return parser.statements([], 0);
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #location: Location;
  #at = 0;

  constructor(tokens: readonly Token[], location: Location) {
    this.#tokens = tokens;
    this.#location = location;
  }

  /** Statements up to one of `ends`, which is taken too; without `ends` to the end of the file. */
  statements(ends: readonly string[], depth: number): Statement[] {
    if (depth > MAX_NESTING) throw this.#error(`more than ${MAX_NESTING} blocks inside each other`);
    const found: Statement[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (!token) {
        if (ends.length === 0) return found;
        throw this.#error(`the file ends before "${ends.join('" or "')}"`);
      }
      if (ends.includes(token.keyword)) return found;
      const statement = this.#statement(token, depth);
      if (statement) found.push(statement);
    }
  }

  #statement(token: Token, depth: number): Statement | undefined {
    switch (token.keyword) {
      case 'end':
      case '{':
      case '}':
        this.#at++;
        return undefined;
      case 'if':
        return this.#if(depth);
      case 'function':
        return this.#function(depth);
      case 'for':
      case 'while':
      case 'until':
        this.#at++;
        this.statements(['done'], depth + 1);
        this.#at++;
        return undefined;
      case 'menuentry':
      case 'submenu': {
        const words = this.#words();
        if (!this.#take('{')) return { kind: 'command', words, line: token.line };
        const body = this.#block(depth);
        return { kind: token.keyword, words, body, line: token.line };
      }
      default:
        if (token.word) return { kind: 'command', words: this.#words(), line: token.line };
        this.#at++;
        return undefined;
    }
  }

  #if(depth: number): Statement {
    const branches: Branch[] = [];
    let otherwise: Statement[] = [];
    for (;;) {
      const opening = this.#tokens[this.#at++]?.keyword;
      if (opening === 'fi') break;
      if (opening === 'else') {
        otherwise = this.statements(['fi'], depth + 1);
        continue;
      }
      const condition = this.statements(['then'], depth + 1);
      this.#at++;
      branches.push({ condition, body: this.statements(['elif', 'else', 'fi'], depth + 1) });
    }
    return { kind: 'if', branches, otherwise };
  }

  #function(depth: number): Statement {
    const [, name] = this.#words();
    while (this.#take('end'));
    if (!this.#take('{')) throw this.#error('a function without a body');
    return { kind: 'function', name: name?.parts.map(({ text }) => text).join('') ?? '', body: this.#block(depth) };
  }

  #block(depth: number): Statement[] {
    const body = this.statements(['}'], depth + 1);
    this.#at++;
    return body;
  }

  /** The words of one command; a keyword counts as one only where a command may begin. */
  #words(): Word[] {
    const words: Word[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (!token?.word) return words;
      words.push(token.word);
      this.#at++;
    }
  }

  #take(keyword: string): boolean {
    if (this.#tokens[this.#at]?.keyword !== keyword) return false;
    this.#at++;
    return true;
  }

  #error(what: string): ImageError {
    const line = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]?.line ?? 1;
    return new ImageError('corrupt', 'boot/bad-grub-cfg', `grub.cfg cannot be read: ${what}`, {
      location: { ...this.#location, line },
    });
  }
}
