/**
 * An nftables script run on paper: the tables as they are after every file was loaded with its includes (nft(8)). What nft
 * would refuse, and what is not known here, is a problem at its line: nft loads a file whole or not at all.
 */
import type { Location } from '../../../location.ts';
import type { FilterProblem } from '../firewall-fact.ts';
import { Refused } from './refused.ts';
import { type NftTable, tableFamilies } from './ruleset.ts';
import { type Block, runStatements } from './run-statements.ts';
import { scanTokens, type Token } from './tokens.ts';

export interface ScriptFile {
  readonly text: string;
  readonly place: Location;
}

/** Files an include names, in the order of their names; undefined if a file named without wildcards is not there. */
export type Include = (pattern: string) => readonly ScriptFile[] | undefined;

/** Includes within includes (MAX_INCLUDE_DEPTH of nft). */
const MAX_DEPTH = 16;
const MAX_FILES = 256;
/** Tokens after variables are put in. */
const MAX_TOKENS = 1_000_000;

export class NftScript {
  readonly tables = new Map<string, NftTable>();
  readonly problems: FilterProblem[] = [];
  readonly #include: Include;
  readonly #variables = new Map<string, readonly Token[]>();
  #files = 0;
  /** Everything it includes is in the image, as far as can be told. */
  #isWhole = true;
  /** It began with no rules in the kernel. */
  isFresh = false;
  #tokens = 0;

  /** `isWhole`: the command line defines no variables. */
  constructor(include: Include, isWhole = true) {
    this.#include = include;
    this.#isWhole = isWhole;
  }

  /** `flush ruleset`. */
  clear(): void {
    this.tables.clear();
    this.isFresh = true;
  }

  /** Runs one file; at what nft would refuse it stops, and that is a problem. */
  run(file: ScriptFile, depth = 0, block: Block = {}): void {
    let tokens: readonly Token[] = [];
    try {
      if (depth > MAX_DEPTH || this.#files++ > MAX_FILES) throw new Refused('too many files are included', 1);
      tokens = scanTokens(file.text);
      runStatements(this, tokens, file.place, depth, block);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      // A block may go on in another file.
      const isRefused = thrown.isCertain || (this.#files === 1 && !isBalanced(tokens));
      const location = { ...file.place, line: thrown.line };
      this.problems.push({ message: thrown.message, location, ...(isRefused ? { isRefused } : {}) });
    }
  }

  /** The statements of the files stand for the include, inside of the block it is in. */
  includeFiles(pattern: string, depth: number, line: number, block: Block): void {
    const files = this.#include(pattern);
    if (!files) throw new Refused(`the included file ${pattern} is not there`, line);
    if (files.length === 0) this.#isWhole = false;
    for (const file of files) this.run(file, depth + 1, block);
  }

  define(name: string, value: readonly Token[]): void {
    this.#variables.set(name, value);
  }

  /** Puts the values of variables in; each token keeps the line of the variable. */
  expand(tokens: readonly Token[]): readonly Token[] {
    const expanded = tokens.flatMap((token): readonly Token[] => {
      if (token.kind !== 'word' || !token.text.startsWith('$')) return [token];
      const value = this.#variables.get(token.text.slice(1));
      if (!value) throw new Refused(`the variable ${token.text} is not defined`, token.line, this.#isWhole);
      return value.map((one) => ({ ...one, line: token.line }));
    });
    this.#tokens += expanded.length;
    if (this.#tokens > MAX_TOKENS) throw new Refused('the script is too large', tokens[0]?.line ?? 1);
    return expanded;
  }

  /** The table of that name, made if it is not there. */
  table(family: string, name: string): NftTable {
    const key = `${family} ${name}`;
    const table = this.tables.get(key) ?? {
      families: tableFamilies[family] ?? [],
      name: key,
      chains: new Map(),
      sets: new Map(),
      isDormant: false,
    };
    this.tables.set(key, table);
    return table;
  }
}

function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const { kind, text } of tokens) if (kind === 'symbol') depth += text === '{' ? 1 : text === '}' ? -1 : 0;
  return depth === 0;
}
