/**
 * The tables of one iptables program (IPv4 or IPv6) while commands change them: `-N -A -I -P -F -X -D`. Chains of the tables
 * that packets to the node pass: raw, mangle and nat at prerouting, mangle, filter and security at input.
 */
import type { Location } from '../../../location.ts';
import { createTable } from '../../../table.ts';
import type { Family, FilterChain, FilterProblem, FilterRule, Hook, PacketFilter } from '../firewall-fact.ts';
import { parseRuleArguments } from './rule-arguments.ts';

interface Chain {
  policy: 'accept' | 'drop';
  readonly location: Location;
  readonly rules: FilterRule[];
}

const bases: Readonly<Record<string, { readonly hook: Hook; readonly priority: number } | undefined>> = {
  'raw PREROUTING': { hook: 'prerouting', priority: -300 },
  'mangle PREROUTING': { hook: 'prerouting', priority: -150 },
  'nat PREROUTING': { hook: 'prerouting', priority: -100 },
  'mangle INPUT': { hook: 'input', priority: -150 },
  'filter INPUT': { hook: 'input', priority: 0 },
  'security INPUT': { hook: 'input', priority: 50 },
};
const builtin: ReadonlySet<string> = new Set(['INPUT', 'FORWARD', 'OUTPUT', 'PREROUTING', 'POSTROUTING']);

/** Rules of one chain: a chain with more is not followed. */
const MAX_RULES = 50_000;

const tooMany = `a chain has more than ${MAX_RULES} rules`;

export class FilterTables {
  readonly problems: FilterProblem[] = [];
  readonly #families: readonly Family[];
  readonly #chains = new Map<string, Chain>();

  constructor(families: readonly Family[]) {
    this.#families = families;
  }

  /** The chain, made if it is built in. */
  #chain(table: string, name: string, location: Location): Chain | undefined {
    const key = `${table} ${name}`;
    const known = this.#chains.get(key);
    if (known || !builtin.has(name)) return known;
    return this.create(table, name, location);
  }

  create(table: string, name: string, location: Location): Chain {
    const chain: Chain = { policy: 'accept', location, rules: [] };
    this.#chains.set(`${table} ${name}`, chain);
    return chain;
  }

  setPolicy(table: string, name: string, policy: string, location: Location): void {
    const chain = this.#chain(table, name, location);
    if (chain) chain.policy = policy === 'DROP' ? 'drop' : 'accept';
  }

  /** Adds a rule at the end, or before the rule of a number. `doubt` makes it one that is perhaps not there. */
  add(
    table: string,
    name: string,
    words: readonly string[],
    location: Location,
    before?: number,
    doubt?: string,
  ): void {
    const chain = this.#chain(table, name, location);
    if (!chain) {
      this.problems.push({ message: `there is no chain ${name} in the table ${table}`, location });
      return;
    }
    if (chain.rules.length >= MAX_RULES) {
      if (this.problems.at(-1)?.message !== tooMany) this.problems.push({ message: tooMany, location });
      return;
    }
    const { matches, verdict } = parseRuleArguments(words);
    const rule: FilterRule = {
      matches: doubt === undefined ? matches : [...matches, { kind: 'opaque', text: doubt }],
      verdict:
        verdict.kind === 'jump' || verdict.kind === 'goto'
          ? { ...verdict, chain: `${table} ${verdict.chain}` }
          : verdict,
      location,
      text: `-A ${name} ${words.join(' ')}`.slice(0, 200),
    };
    if (before === undefined) chain.rules.push(rule);
    else chain.rules.splice(before - 1, 0, rule);
  }

  /** Empties a chain, or all chains of the table. */
  flush(table: string, name?: string): void {
    for (const [key, chain] of this.#chains)
      if (name === undefined ? key.startsWith(`${table} `) : key === `${table} ${name}`) chain.rules.length = 0;
  }

  /** Takes rules with the same text out. */
  remove(table: string, name: string, words: readonly string[]): void {
    const chain = this.#chains.get(`${table} ${name}`);
    const text = `-A ${name} ${words.join(' ')}`.slice(0, 200);
    const at = chain?.rules.findIndex((rule) => rule.text === text) ?? -1;
    if (at >= 0) chain?.rules.splice(at, 1);
  }

  /** The chains in the common model; a jump to a chain that is not there is left to whoever follows it. */
  compile(): PacketFilter['chains'] {
    const chains = createTable<FilterChain>();
    for (const [name, { policy, location, rules }] of this.#chains) {
      const place = bases[name];
      chains[name] = {
        name,
        families: this.#families,
        ...(place ? { base: { ...place, policy } } : {}),
        location,
        rules,
      };
    }
    return chains;
  }
}
