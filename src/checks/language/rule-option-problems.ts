/** Options of a rule against what the rule declares. */
import type { Options } from '../contract.ts';
import type { OptionKind, Rule } from '../rules/rule.ts';
import { hintFor } from './nearest-name.ts';

const kindWords: Readonly<Record<OptionKind, string>> = { text: 'text', list: 'a list of texts' };

export function ruleOptionProblems(
  rule: Rule<never>,
  options: Options,
): readonly { readonly message: string; readonly hint?: string }[] {
  const declared = new Map(Object.entries(rule.options).map(([name, kind]) => [name.replace(/\?$/, ''), kind]));
  const problems: { message: string; hint?: string }[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (name === 'name') continue;
    const kind = declared.get(name);
    const hint = hintFor(name, [...declared.keys()]);
    if (kind === undefined)
      problems.push({ message: `unknown option ${name} of the rule ${rule.id}`, ...(hint ? { hint } : {}) });
    else if (kindOf(value) !== kind)
      problems.push({ message: `option ${name} of the rule ${rule.id} must be ${kindWords[kind]}` });
  }
  for (const name of Object.keys(rule.options)) {
    if (!name.endsWith('?') && options[name] === undefined)
      problems.push({ message: `the rule ${rule.id} lacks the option ${name}` });
  }
  return problems;
}

function kindOf(value: unknown): OptionKind | undefined {
  if (typeof value === 'string') return 'text';
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? 'list' : undefined;
}
