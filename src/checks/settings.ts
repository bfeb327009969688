/** `--set name=value`, held against what the contract allows. */
import { platformParameter } from './binding.ts';
import type { Contract } from './contract.ts';
import { hintFor } from './language/nearest-name.ts';
import { compilePattern } from './matchers/pattern.ts';

export interface SettingProblem {
  readonly message: string;
  readonly hint: string | undefined;
}

/** The settings by name, or what is wrong with the first that is wrong. */
export function readSettings(
  contract: Contract,
  pairs: readonly string[],
): ReadonlyMap<string, string> | SettingProblem {
  const settings = new Map<string, string>();
  const names = ['platform', ...Object.keys(contract.parameters)];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) return { message: `--set ${pair}: write name=value`, hint: `names are ${names.join(', ')}` };
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    const parameter = name === 'platform' ? platformParameter : contract.parameters[name];
    if (!parameter || !names.includes(name))
      return { message: `the contract ${contract.name} has no parameter ${name}`, hint: hintFor(name, names) };
    const values: readonly string[] | undefined = parameter.values;
    if (values && !values.includes(value))
      return { message: `${name} cannot be ${value}`, hint: hintFor(value, values) };
    const matches = 'matches' in parameter ? parameter.matches : undefined;
    if (matches !== undefined && compilePattern(matches).test(value) !== true)
      return { message: `${name} cannot be ${value}`, hint: `it must match ${matches}` };
    settings.set(name, value);
  }
  return settings;
}
