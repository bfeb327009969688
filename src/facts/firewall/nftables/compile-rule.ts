/**
 * One nftables rule as conditions and a verdict. Verdict maps become one rule for each element. Statements that neither match
 * nor decide (counter, log, comment, marks) are passed over; a rule with anything unknown keeps its verdict under an opaque
 * condition.
 */
import type { FilterRule, RuleMatch, RuleVerdict } from '../firewall-fact.ts';
import { parseTcpFlags, SYN } from '../tcp-flags.ts';
import { findWordMistake } from './refused-rule.ts';
import type { NftTable, RawRule } from './ruleset.ts';
import { matchValues, readSelector, type Selector } from './selectors.ts';
import type { Token } from './tokens.ts';
import { type Element, readValues } from './values.ts';

/** Elements one verdict map may have; a map with more is not followed. */
const MAX_ELEMENTS = 10_000;
/** Matches and statements one rule may have. */
const MAX_PARTS = 100;
/** Tokens one statement may have outside of sets. */
const MAX_WORDS = 64;

/** The rules a raw rule stands for, in the order they are tried, and in a sentence why nft refuses it if it does. */
export interface CompiledRule {
  readonly rules: readonly FilterRule[];
  readonly mistake: string | undefined;
}

/** `table` names the chains that jumps lead to. */
export function compileRule(raw: RawRule, table: NftTable): CompiledRule {
  const reader = new RuleReader(raw, table);
  const rules = reader.read();
  return { rules, mistake: reader.mistake };
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const terminal: Readonly<Record<string, RuleVerdict>> = {
  accept: { kind: 'accept' },
  drop: { kind: 'drop' },
  reject: { kind: 'drop' },
  return: { kind: 'return' },
  continue: { kind: 'none' },
};
/** Statements that send the packet, or its answer, elsewhere. */
const rewriting: ReadonlySet<string> = new Set(['dnat', 'redirect', 'tproxy', 'queue', 'synproxy', 'fwd']);

class RuleReader {
  /** A misspelt word where a statement begins. */
  mistake: string | undefined;
  readonly #raw: RawRule;
  readonly #table: NftTable;
  readonly #text: string;
  readonly #matches: RuleMatch[] = [];
  readonly #rules: FilterRule[] = [];
  #rest: readonly Token[];

  constructor(raw: RawRule, table: NftTable) {
    this.#raw = raw;
    this.#table = table;
    this.#text = textOf(raw.tokens);
    this.#rest = raw.tokens;
  }

  read(): readonly FilterRule[] {
    for (let parts = 0; this.#rest.length > 0; parts++) {
      const [first] = this.#rest as [Token, ...Token[]];
      const verdict = this.#readVerdict(this.#rest);
      if (verdict) {
        this.#emit(verdict);
        return this.#rules;
      }
      if (parts > MAX_PARTS || (!this.#readStatement(first.text) && !this.#readMatch())) {
        this.#giveUp();
        return this.#rules;
      }
    }
    return this.#rules;
  }

  #emit(verdict: RuleVerdict, more: readonly RuleMatch[] = []): void {
    const { location } = this.#raw;
    this.#rules.push({ matches: [...this.#matches, ...more], verdict, location, text: this.#text });
  }

  /** What is left is not understood: the verdict at its end, if there is one, may or may not be reached. */
  #giveUp(): void {
    this.mistake = this.#rest[0] && findWordMistake(this.#rest[0]);
    this.#matches.push({ kind: 'opaque', text: textOf(this.#rest) });
    const last = this.#rest.findIndex((_, at) => this.#readVerdict(this.#rest, at) !== undefined);
    this.#emit((last < 0 ? undefined : this.#readVerdict(this.#rest, last)) ?? { kind: 'none' });
  }

  #readVerdict(tokens: readonly Token[], at = 0): RuleVerdict | undefined {
    const [first, second] = [tokens[at], tokens[at + 1]];
    if (first?.kind !== 'word') return undefined;
    if ((first.text === 'jump' || first.text === 'goto') && second)
      return { kind: first.text, chain: `${this.#table.name} ${second.text}` };
    if (rewriting.has(first.text)) return { kind: 'opaque', text: this.#text };
    return Object.hasOwn(terminal, first.text) ? terminal[first.text] : undefined;
  }

  #skip(count: number): true {
    this.#rest = this.#rest.slice(count);
    return true;
  }

  /** Statements without a say in what happens to the packet. */
  #readStatement(word: string): boolean {
    const words = this.#rest.slice(0, MAX_WORDS).map(({ text }) => text);
    switch (word) {
      case 'counter':
        return this.#skip(words[1] === 'packets' ? 5 : words[1] === 'name' ? 3 : 1);
      case 'comment':
        return this.#skip(2);
      case 'notrack':
        return this.#skip(1);
      case 'log':
        return this.#skip(logLength(words));
      case 'limit':
      case 'quota':
        return this.#readRate(words);
      case 'add':
      case 'update':
      case 'delete':
        return words[1]?.startsWith('@') === true && this.#readSetStatement();
      case 'meta':
      case 'ct':
      case 'ip':
      case 'ip6':
      case 'tcp':
        return words[2] === 'set' && this.#skip(words[3] === 'rt' ? 5 : 4);
      default:
        return false;
    }
  }

  /** `limit rate [over] 10/second [burst 5 packets]`, `limit name x`, `quota over 1 mbytes`. */
  #readRate(words: readonly string[]): boolean {
    const end = words.findIndex(
      (word, at) => at > 0 && (Object.hasOwn(terminal, word) || word === 'log' || word === 'counter'),
    );
    const length = end < 0 ? words.length : end;
    this.#matches.push({ kind: 'depends', text: words.slice(0, length).join(' ') });
    return this.#skip(length);
  }

  /** `update @set { ip saddr limit rate over 5/minute }`: holds or not by what the set has counted. */
  #readSetStatement(): boolean {
    const end = this.#rest.findIndex(({ kind, text }) => kind === 'symbol' && text === '}');
    if (end < 0) return false;
    const part = this.#rest.slice(0, end + 1);
    if (part.some(({ text }) => text === 'limit')) this.#matches.push({ kind: 'depends', text: textOf(part) });
    return this.#skip(end + 1);
  }

  #readMatch(): boolean {
    const selectors: Selector[] = [];
    let rest = this.#rest;
    do {
      if (selectors.length > 0) rest = rest.slice(1);
      const selector = readSelector(rest);
      if (!selector) return false;
      selectors.push(selector);
      rest = rest.slice(selector.length);
    } while (rest[0]?.text === '.');
    const [first] = selectors as [Selector, ...Selector[]];
    this.#matches.push(...selectors.flatMap(({ implied }) => implied));
    if (first.kind === 'tcp flags') return this.#readFlags(rest);
    const masked = rest[0]?.text === '&' || rest[0]?.text === 'and';
    if (masked) rest = rest.slice(2);
    const operator = comparisons.has(rest[0]?.text ?? '') ? (rest[0]?.text ?? '') : '';
    if (operator !== '') rest = rest.slice(1);
    const isMap = rest[0]?.text === 'vmap';
    if (isMap) rest = rest.slice(1);
    const values = readValues(rest, this.#table.sets);
    if (!values || values.elements.length > MAX_ELEMENTS) return false;
    this.#rest = rest.slice(values.length);
    const sure = !values.isDynamic && !masked;
    if (isMap) return this.#emitMap(selectors, values.elements, sure);
    if (!sure) this.#matches.push({ kind: 'depends', text: `${first.text} ${textOf(rest.slice(0, values.length))}` });
    else if (selectors.length === 1)
      this.#matches.push(
        matchValues(
          first,
          values.elements.map(({ parts }) => parts.join('.')),
          operator === '==' ? '' : operator,
        ),
      );
    else return this.#spread(selectors, values.elements, operator);
    return true;
  }

  #emitMap(selectors: readonly Selector[], elements: readonly Element[], sure: boolean): true {
    for (const element of elements) {
      const verdict = this.#readVerdict(element.target) ?? ({ kind: 'opaque', text: this.#text } as const);
      const doubt: readonly RuleMatch[] = sure ? [] : [{ kind: 'depends', text: this.#text }];
      this.#emit(verdict, [...matchParts(selectors, element), ...doubt]);
    }
    return true;
  }

  /** A concatenation: one rule for each element. Undone elements cannot be told apart when negated. */
  #spread(selectors: readonly Selector[], elements: readonly Element[], operator: string): boolean {
    const tail = this.#rest.findIndex((_, at) => this.#readVerdict(this.#rest, at) !== undefined);
    const verdict = tail < 0 ? undefined : this.#readVerdict(this.#rest, tail);
    if (operator === '!=' || !verdict) return false;
    const between = this.#rest.slice(0, tail);
    const doubt: readonly RuleMatch[] = between.some(({ text }) => text === 'limit' || text === 'update')
      ? [{ kind: 'depends', text: textOf(between) }]
      : [];
    for (const element of elements) this.#emit(verdict, [...matchParts(selectors, element), ...doubt]);
    this.#rest = [];
    return true;
  }

  /** `tcp flags [& mask] [==] flags`, `tcp flags syn / fin,syn`, asked about a SYN. */
  #readFlags(tokens: readonly Token[]): boolean {
    const near = tokens.slice(0, MAX_WORDS);
    const end = near.findIndex(
      ({ kind, text }, at) => kind === 'word' && at > 0 && parseTcpFlags(text) === undefined && text !== '/',
    );
    const part = near.slice(0, end < 0 ? near.length : end);
    const text = part.map((one) => one.text).join(' ');
    const [, mask, operator = '', value = ''] =
      /^(?:& ?([^=!]+?) ?)?(==|!=)? ?(?:\{ ?)?([^=!{}]+?) ?\}?$/.exec(text) ?? [];
    const [flags, of] = value.split(' / ');
    const wanted = parseTcpFlags(flags ?? '');
    const bits = mask === undefined && of === undefined ? 0xff : parseTcpFlags(mask ?? of ?? '');
    if (wanted === undefined || bits === undefined || value === '') return false;
    const compares = operator !== '' || mask !== undefined || of !== undefined;
    const equal = compares ? (SYN & bits) === wanted : (SYN & wanted) !== 0;
    if (equal === (operator === '!=')) this.#matches.push({ kind: 'never' });
    this.#rest = tokens.slice(part.length);
    return true;
  }
}

function matchParts(selectors: readonly Selector[], { parts }: Element): readonly RuleMatch[] {
  if (selectors.length === 1) return [matchValues(selectors[0] as Selector, [parts.join('.')], '')];
  return selectors.map((selector, at) => matchValues(selector, [parts[at] ?? '*'], ''));
}

const logOptions: ReadonlySet<string> = new Set(['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags']);

function logLength(words: readonly string[]): number {
  let length = 1;
  while (logOptions.has(words[length] ?? '')) {
    length += words[length] === 'flags' && /^(?:tcp|ip)$/.test(words[length + 1] ?? '') ? 3 : 2;
    while (words[length] === ',') length += 2;
  }
  return length;
}

const textOf = (tokens: readonly Token[]): string => {
  const text = tokens
    .slice(0, 200)
    .map(({ kind, text: one }) => (kind === 'string' ? `"${one}"` : one))
    .join(' ');
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
};
