/** JSON files that the program itself wrote earlier, held against their schema before anything is believed of them. */
import { ContractError } from './contract-error.ts';
import type { SchemaError } from './language/schema-problems.ts';

/** A validator compiled from a schema: whether a value fits, and if not, why. */
interface Validator {
  (value: unknown): boolean;
  readonly errors?: unknown;
}

/** What the file says. Throws ContractError with `label` as its place; `what` is what a message calls the file: `the baseline`. */
export function parseOwnFile(text: string, label: string, what: string, validate: Validator): unknown {
  const refuse = (message: string): ContractError => new ContractError([{ message, location: { source: label } }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refuse(`${what} is no JSON`);
  }
  if (!validate(value)) {
    const [error] = (validate.errors ?? []) as readonly SchemaError[];
    throw refuse(`${error?.instancePath || what} ${error?.message ?? 'is not valid'}`);
  }
  return value;
}
