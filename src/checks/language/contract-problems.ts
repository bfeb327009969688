/** What is wrong with the meaning of a contract: names nobody declared, needs that go round, checks that cannot fail. */
import type { Location } from '../../location.ts';
import { assertions } from '../assertions/registry.ts';
import { fillOptions, placeholder, platformParameter } from '../binding.ts';
import type { AssertionUse, Condition, Contract, ContractCheck, Options, OptionValue } from '../contract.ts';
import type { ContractProblem } from '../contract-error.ts';
import { detectors } from '../detectors.ts';
import { patternProblem } from '../matchers/pattern.ts';
import { rules } from '../rules/registry.ts';
import { hintFor } from './nearest-name.ts';
import { ruleOptionProblems } from './rule-option-problems.ts';

export function contractProblems(contract: Contract): ContractProblem[] {
  const linter = new Linter(contract);
  linter.parameters();
  linter.concepts();
  for (const check of contract.checks) linter.check(check);
  return linter.problems;
}

class Linter {
  readonly problems: ContractProblem[] = [];
  readonly #contract: Contract;
  readonly #names: readonly string[];
  /** A value for every name, to try options with. */
  readonly #samples: ReadonlyMap<string, string>;

  constructor(contract: Contract) {
    this.#contract = contract;
    const parameters = ['platform', ...Object.keys(contract.parameters)];
    this.#names = [...parameters, ...Object.keys(contract.concepts)];
    this.#samples = sampleValues(contract);
  }

  parameters(): void {
    for (const [name, { detect, values, matches, default: value, location }] of Object.entries(
      this.#contract.parameters,
    )) {
      if (name === 'platform' || name in this.#contract.concepts) this.#say(`${name} is declared twice`, location);
      if (detect !== undefined && !(detect in detectors))
        this.#say(`unknown detector ${detect}`, location, hintFor(detect, Object.keys(detectors)));
      if (value !== undefined && values && !values.includes(value))
        this.#say(`the default of ${name} cannot be ${value}`, location, `known are ${values.join(', ')}`);
      const problem = matches === undefined ? undefined : patternProblem(matches);
      if (problem !== undefined) this.#say(`pattern of ${name}: ${problem}`, location);
    }
  }

  concepts(): void {
    for (const { variants, location } of Object.values(this.#contract.concepts)) {
      for (const { when, value } of variants) {
        if (when) this.#condition(when, location);
        // Concepts are bound after parameters and in no particular order, so they mention parameters only.
        this.#placeholders(value, ['platform', ...Object.keys(this.#contract.parameters)], location);
      }
    }
  }

  check(check: ContractCheck): void {
    if (check.when) this.#condition(check.when, check.location);
    for (const text of [check.title, check.why, check.fix]) {
      if (text !== undefined) this.#placeholders(text, this.#names, check.location);
    }
    this.#needs(check);
    for (const use of check.assertions) this.#use(check.id, use);
    for (const [platform, override] of Object.entries(check.platforms)) {
      if (!(platformParameter.values as readonly string[]).includes(platform))
        this.#say(`unknown platform ${platform}`, check.location, hintFor(platform, platformParameter.values));
      for (const use of override.assertions ?? []) this.#use(check.id, use);
    }
  }

  #needs(check: ContractCheck): void {
    const byId = new Map(this.#contract.checks.map((one) => [one.id, one]));
    const seen = new Set<string>();
    const todo = [...check.needs];
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      const needed = byId.get(id);
      if (!needed) {
        if (check.needs.includes(id))
          this.#say(`needs ${id}, which is no check`, check.location, hintFor(id, [...byId.keys()]));
      } else if (id === check.id) {
        this.#say(`${check.id} needs itself`, check.location);
        return;
      } else if (!seen.has(id)) {
        seen.add(id);
        todo.push(...needed.needs);
      }
    }
  }

  #use(id: string, { kind, options, location }: AssertionUse): void {
    const known = this.problems.length;
    this.#optionPlaceholders(options, location);
    if (this.problems.length > known) return;
    const { text: filled } = fillOptions(options, this.#samples);
    if (kind === 'rule') {
      const name = String(options.name);
      const rule = rules[name];
      if (!rule) {
        this.#say(`unknown rule ${name}`, location, hintFor(name, Object.keys(rules)));
        return;
      }
      for (const { message, hint } of ruleOptionProblems(rule, options)) this.#say(message, location, hint);
    }
    const judge = kind === 'rule' ? rules[String(options.name)] : assertions[kind];
    const problem = this.problems.length > known ? undefined : judge?.cannotFail?.(filled as never);
    if (problem !== undefined) this.#say(`${id} cannot be judged: ${problem}`, location);
  }

  #optionPlaceholders(value: OptionValue, location: Location): void {
    if (typeof value === 'string') this.#placeholders(value, this.#names, location);
    else if (value !== null && typeof value === 'object')
      for (const part of Object.values(value as Options)) this.#optionPlaceholders(part, location);
  }

  #placeholders(text: string, known: readonly string[], location: Location): void {
    for (const [, name = ''] of text.matchAll(placeholder)) {
      if (!known.includes(name)) this.#say(`unknown name ${name} in \${${name}}`, location, hintFor(name, known));
    }
  }

  #condition(when: Condition, location: Location): void {
    for (const [name, values] of Object.entries(when)) {
      const parameter = name === 'platform' ? platformParameter : this.#contract.parameters[name];
      const known = ['platform', ...Object.keys(this.#contract.parameters)];
      if (!parameter) this.#say(`unknown parameter ${name} in when`, location, hintFor(name, known));
      for (const value of values) {
        const allowed: readonly string[] | undefined = parameter?.values;
        if (allowed && !allowed.includes(value))
          this.#say(`${name} is never ${value}`, location, hintFor(value, allowed));
      }
    }
  }

  #say(message: string, location: Location, hint?: string): void {
    this.problems.push({ message, location, ...(hint === undefined ? {} : { hint }) });
  }
}

function sampleValues(contract: Contract): ReadonlyMap<string, string> {
  const samples = new Map<string, string>([['platform', 'isar']]);
  for (const [name, { values, default: value }] of Object.entries(contract.parameters))
    samples.set(name, value ?? values?.[0] ?? '1');
  for (const [name, { variants }] of Object.entries(contract.concepts)) samples.set(name, variants[0]?.value ?? '1');
  return samples;
}
