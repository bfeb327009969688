/** The statements of one nftables file, done one after another to the state of a script. */
import type { Location } from '../../../location.ts';
import { findMeant } from './misspelt.ts';
import { Refused } from './refused.ts';
import { findBaseMistake, findSetMistake } from './refused-block.ts';
import { findRuleMistake } from './refused-rule.ts';
import { type NftChain, type NftSet, type NftTable, parseBaseChain, tableFamilies } from './ruleset.ts';
import type { NftScript } from './script.ts';
import { insideBraces, otherObjects, StatementReader } from './statements.ts';
import type { Token } from './tokens.ts';

/** Rules of one chain. */
const MAX_RULES = 50_000;

/** The block a statement stands in; none of both at the top of a file. */
export interface Block {
  readonly table?: NftTable;
  readonly chain?: NftChain;
}

/** Runs the tokens of a file inside a block; throws Refused at what nft would not take. */
export function runStatements(
  script: NftScript,
  tokens: readonly Token[],
  place: Location,
  depth: number,
  block: Block,
): void {
  const reader = new StatementReader(tokens, (statement) => script.expand(statement));
  const run = new FileRun(script, reader, place, depth);
  reader.readAll((statement) => run.execute(statement, block));
}

const refuse = (message: string, { line }: Token): never => {
  throw new Refused(message, line);
};
/** What no nft takes. */
const refuseForSure = (message: string, { line }: Token): never => {
  throw new Refused(message, line, true);
};
/** Refuses a word that is a misspelt one of the place it stands in. */
const refuseMisspelt = (word: Token, known: ReadonlySet<string>, shortest?: number): void => {
  const meant = word.kind === 'word' ? findMeant(word.text, known, shortest) : undefined;
  if (meant !== undefined) refuseForSure(`'${word.text}' is no word of nft, '${meant}' is`, word);
};
const refuseLone = (word: Token): never =>
  (tableWords.has(word.text) ? refuseForSure : refuse)(`'${word.text}' has nothing behind it`, word);
const commands: ReadonlySet<string> = new Set(
  'table chain rule element flush delete destroy create insert include define redefine'.split(' '),
);
/** Words that can be no name: what they stand behind is a command. */
const behindCommands: ReadonlySet<string> = new Set([
  ...Object.keys(tableFamilies),
  ...'ruleset table chain rule element set map'.split(' '),
]);
const families: ReadonlySet<string> = new Set(Object.keys(tableFamilies));
const flushed: ReadonlySet<string> = new Set(['ruleset', 'table', 'chain']);
const tableWords: ReadonlySet<string> = new Set(
  'chain set map flowtable counter quota limit flags comment include define'.split(' '),
);
const chainWords: ReadonlySet<string> = new Set(['type', 'policy']);
const nothing = (): void => {};

class FileRun {
  readonly #script: NftScript;
  readonly #reader: StatementReader;
  readonly #place: Location;
  readonly #depth: number;

  constructor(script: NftScript, reader: StatementReader, place: Location, depth: number) {
    this.#script = script;
    this.#reader = reader;
    this.#place = place;
    this.#depth = depth;
  }

  execute(statement: readonly Token[], block: Block): void {
    const [first, ...rest] = statement as [Token, ...Token[]];
    const { table, chain } = block;
    if (first.text === 'include') this.#script.includeFiles(rest[0]?.text ?? '', this.#depth, first.line, block);
    else if (first.text === 'define' || first.text === 'redefine') this.#define(rest, first);
    else if (chain) this.#inChain(chain, statement);
    else if (table) this.#inTable(table, statement);
    else this.#command(statement);
  }

  /** A statement outside of tables. */
  #command(statement: readonly Token[]): void {
    const [first, ...rest] = statement as [Token, ...Token[]];
    const word = first.text;
    if (word === 'table') this.#table(rest, first);
    else if (word === 'flush' || word === 'delete' || word === 'destroy') this.#remove(rest, first);
    else if (word === 'add' || word === 'create' || word === 'insert') this.#add(rest, first);
    else if (/^(?:chain|set|map|rule|element)$/.test(word)) this.#add(statement, first);
    else if (otherObjects.has(word)) this.#reader.readBlock(nothing);
    else if (word !== 'undefine') {
      const [next, third] = rest;
      if (next?.kind === 'string' || behindCommands.has(next?.text ?? '') || third?.text === '{' || third?.text === '=')
        refuseMisspelt(first, commands);
      refuse(`'${word}' is no statement of nft that check-image knows`, first);
    }
  }

  #define(rest: readonly Token[], first: Token): void {
    const [name, equals, ...value] = rest;
    if (!name || equals?.text !== '=' || value.length === 0)
      throw new Refused('a definition is name = value', first.line, true);
    this.#script.define(name.text, this.#script.expand(value));
  }

  /** `[family] name` at the head of the tokens. */
  #tableName(tokens: readonly Token[], first: Token): { table: NftTable; rest: readonly Token[] } {
    const [one, two] = tokens;
    if (!one) return refuse('a table has a name', first);
    if (two && Object.hasOwn(tableFamilies, one.text))
      return { table: this.#script.table(one.text, two.text), rest: tokens.slice(2) };
    return { table: this.#script.table('ip', one.text), rest: tokens.slice(1) };
  }

  #table(tokens: readonly Token[], first: Token): void {
    const { table, rest } = this.#tableName(tokens, first);
    const [stray] = rest;
    if (stray && tokens[0]) refuseMisspelt(tokens[0], families);
    if (stray) refuse(`'${stray.text}' has no place in the name of a table`, stray);
    this.#reader.readBlock((statement) => this.execute(statement, { table }));
  }

  #inTable(table: NftTable, statement: readonly Token[]): void {
    const [first, name = refuseLone(first), stray] = statement as [Token, Token?, Token?];
    if (stray && /^(?:chain|set|map)$/.test(first.text))
      refuseForSure(`'${stray.text}' stands behind the name of a ${first.text}`, stray);
    if (first.text === 'chain') this.#chain(table, name);
    else if (first.text === 'set' || first.text === 'map') this.#set(table, name);
    else if (first.text === 'flags') table.isDormant = statement.some(({ text }) => text === 'dormant');
    else if (otherObjects.has(first.text)) this.#reader.readBlock(nothing);
    else if (first.text !== 'comment') {
      refuseMisspelt(first, tableWords, 3);
      refuse(`'${first.text}' has no place in a table`, first);
    }
  }

  #chain(table: NftTable, name: Token): void {
    const location = { ...this.#place, line: name.line };
    const chain: NftChain = table.chains.get(name.text) ?? { name: name.text, location, policy: 'accept', rules: [] };
    table.chains.set(name.text, chain);
    this.#reader.readBlock((statement) => this.execute(statement, { table, chain }));
  }

  #inChain(chain: NftChain, statement: readonly Token[]): void {
    const [first, second, third] = statement as [Token, Token?, Token?];
    if (first.text === 'type') {
      const words = statement.map(({ text }) => text);
      const mistake = findBaseMistake(words);
      if (mistake !== undefined) refuseForSure(mistake, first);
      const base = parseBaseChain(words);
      if (!base) throw new Refused('a base chain has a hook and a priority', first.line);
      chain.base = base;
    } else if (first.text === 'policy') {
      if (second && second.text !== 'accept' && second.text !== 'drop')
        refuseForSure(`'${second.text}' is no policy, accept and drop are`, second);
      if (third) refuseForSure(`'${third.text}' stands behind the policy: a line end or ';' is missing`, third);
      chain.policy = second?.text === 'drop' ? 'drop' : 'accept';
    } else if (!/^(?:comment|devices|device)$/.test(first.text)) this.#push(chain, statement, first);
  }

  #push(chain: NftChain, tokens: readonly Token[], first: Token, isFirst = false): void {
    if (chain.rules.length >= MAX_RULES) refuse(`a chain has more than ${MAX_RULES} rules`, first);
    const mistake = findRuleMistake(tokens);
    if (mistake !== undefined) refuseForSure(mistake, first);
    if (/^(?:filter|nat|route|accept|drop)$/.test(tokens[1]?.text ?? '')) refuseMisspelt(first, chainWords);
    const raw = { tokens, location: { ...this.#place, line: first.line } };
    if (isFirst) chain.rules.unshift(raw);
    else chain.rules.push(raw);
  }

  #set(table: NftTable, name: Token): void {
    const set: NftSet = table.sets.get(name.text) ?? { name: name.text, isDynamic: false, elements: [] };
    table.sets.set(name.text, set);
    this.#reader.readBlock((statement) => {
      const [first, equals, ...value] = statement as [Token, ...Token[]];
      const mistake = findSetMistake(statement);
      if (mistake !== undefined) refuseForSure(mistake, first);
      if (first.text === 'flags') set.isDynamic ||= statement.some(({ text }) => /^(?:dynamic|timeout)$/.test(text));
      else if (first.text === 'elements' && equals?.text === '=') addElements(set, value);
    });
  }

  /** `add chain inet filter input { ... }`, `add rule inet filter input ...`, `add element inet filter name { ... }`. */
  #add(tokens: readonly Token[], first: Token): void {
    const [what = first, ...rest] = tokens;
    if (what.text === 'table') this.#table(rest, first);
    else if (what.text === 'rule') this.#addRule(rest, first);
    else if (otherObjects.has(what.text)) this.#reader.readBlock(nothing);
    else if (!/^(?:chain|set|map|element)$/.test(what.text)) this.#addRule(tokens, first);
    else {
      const { table, rest: after } = this.#tableName(rest, first);
      const [name, ...value] = after;
      if (!name) throw new Refused(`a ${what.text} has a name`, what.line);
      if (what.text === 'chain') this.#chain(table, name);
      else if (what.text !== 'element') this.#set(table, name);
      else addElements(table.sets.get(name.text) ?? refuse(`there is no set ${name.text}`, name), value);
    }
  }

  #addRule(tokens: readonly Token[], first: Token): void {
    const { table, rest } = this.#tableName(tokens, first);
    const [name = first, ...rule] = rest;
    const chain = table.chains.get(name.text) ?? refuse(`there is no chain ${name.text}`, name);
    this.#push(chain, rule, first, first.text === 'insert');
  }

  #remove(tokens: readonly Token[], first: Token): void {
    const [what, ...rest] = tokens;
    if (what) refuseMisspelt(what, flushed);
    if (what?.text === 'ruleset') this.#script.clear();
    if (what?.text !== 'table' && what?.text !== 'chain') return;
    const { table, rest: after } = this.#tableName(rest, first);
    const chains = what.text === 'table' ? [...table.chains.values()] : [table.chains.get(after[0]?.text ?? '')];
    if (first.text === 'flush') for (const chain of chains) chain?.rules.splice(0);
    else if (what.text === 'table') this.#script.tables.delete(table.name);
    else table.chains.delete(after[0]?.text ?? '');
  }
}

function addElements(set: NftSet, value: readonly Token[]): void {
  for (const token of insideBraces(value)) set.elements.push(token);
}
