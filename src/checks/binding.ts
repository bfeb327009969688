/**
 * A contract bound to one image: every parameter with its value and where that came from, every concept with the name it
 * has here, and `${name}` filled in.
 */
import type { Evidence } from './check.ts';
import type { Condition, Contract, Options, OptionValue, Parameter } from './contract.ts';
import type { Detection } from './detectors.ts';

export interface BoundParameter {
  readonly name: string;
  readonly value: string | undefined;
  readonly origin: 'set' | 'detected' | 'default' | 'undetermined';
  readonly evidence: readonly Evidence[];
  /** Why it could not be detected, where evidence is damaged. */
  readonly damage?: string;
}

export interface Binding {
  readonly parameters: readonly BoundParameter[];
  /** Parameters and concepts by name; what could not be determined is absent. */
  readonly values: ReadonlyMap<string, string>;
}

/** The parameter every contract has. */
export const platformParameter = { values: ['isar', 'debian', 'nixos'], detect: 'platform' } as const;

/** Binds parameters in the order set, detected, default; then concepts, which may mention parameters. */
export function bindContract(
  contract: Contract,
  set: ReadonlyMap<string, string>,
  detect: (detector: string) => Detection,
): Binding {
  const values = new Map<string, string>();
  const parameters: BoundParameter[] = [];
  const all = [['platform', platformParameter] as const, ...Object.entries(contract.parameters)];
  for (const [name, parameter] of all) {
    const bound = bindParameter(name, parameter, set.get(name), detect);
    parameters.push(bound);
    if (bound.value !== undefined) values.set(name, bound.value);
  }
  for (const [name, concept] of Object.entries(contract.concepts)) {
    const variant = concept.variants.find(({ when }) => when === undefined || conditionState(when, values) === 'holds');
    const value = variant && fillText(variant.value, values);
    if (value?.missing.length === 0) values.set(name, value.text);
  }
  return { parameters, values };
}

function bindParameter(
  name: string,
  parameter: Pick<Parameter, 'values' | 'detect' | 'default'>,
  set: string | undefined,
  detect: (detector: string) => Detection,
): BoundParameter {
  if (set !== undefined) return { name, value: set, origin: 'set', evidence: [] };
  const detection = parameter.detect === undefined ? undefined : detect(parameter.detect);
  const found = detection?.value;
  const evidence = detection?.evidence ?? [];
  if (found !== undefined && (parameter.values?.includes(found) ?? true))
    return { name, value: found, origin: 'detected', evidence };
  const damage = detection?.damage;
  if (damage !== undefined) return { name, value: undefined, origin: 'undetermined', evidence, damage };
  if (parameter.default !== undefined) return { name, value: parameter.default, origin: 'default', evidence };
  return { name, value: undefined, origin: 'undetermined', evidence };
}

/** Whether a condition holds; `undetermined` names the first parameter nobody knows, unless another one already fails. */
export function conditionState(
  condition: Condition,
  values: ReadonlyMap<string, string>,
): 'holds' | 'fails' | { readonly undetermined: string } {
  let undetermined: string | undefined;
  for (const [name, allowed] of Object.entries(condition)) {
    const value = values.get(name);
    if (value === undefined) undetermined ??= name;
    else if (!allowed.includes(value) && !(name === 'platform' && value === 'isar' && allowed.includes('debian')))
      return 'fails';
  }
  return undetermined === undefined ? 'holds' : { undetermined };
}

/** `${name}` in a text. */
export const placeholder = /\$\{([a-z][a-z0-9-]*)\}/g;

export interface Filled<T> {
  readonly text: T;
  /** Names that have no value here. */
  readonly missing: readonly string[];
}

/** Fills `${name}` in; a name without a value stays as `<name>`. */
export function fillText(text: string, values: ReadonlyMap<string, string>): Filled<string> {
  const missing: string[] = [];
  const filled = text.replace(placeholder, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) missing.push(name);
    return value ?? `<${name}>`;
  });
  return { text: filled, missing };
}

/** Fills `${name}` in everywhere in the options of an assertion. */
export function fillOptions(options: Options, values: ReadonlyMap<string, string>): Filled<Options> {
  const missing: string[] = [];
  const fill = (value: OptionValue): OptionValue => {
    if (typeof value === 'string') {
      const filled = fillText(value, values);
      missing.push(...filled.missing);
      return filled.text;
    }
    if (Array.isArray(value)) return value.map(fill);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fill(part)]));
  };
  return { text: fill(options) as Options, missing };
}
