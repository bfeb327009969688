/** Reads a file of waivers: schemas/waivers-1.schema.json in YAML. */
import validate from 'validator:waivers-1';
import schema from '../../../schemas/waivers-1.schema.json' with { type: 'json' };
import { ContractError, type ContractProblem } from '../contract-error.ts';
import { parseDocument } from '../language/parse-document.ts';
import { describeSchemaError, type Schema, type SchemaError } from '../language/schema-problems.ts';
import type { WaiverRule } from './waiver-rule.ts';

type Names = string | readonly string[];

interface RawWaiver {
  readonly rule: string;
  readonly path?: Names;
  readonly unit?: Names;
  readonly package?: Names;
  readonly image?: Names;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

const scopes = ['path', 'unit', 'package', 'image'] as const;

/** Throws ContractError with everything that is wrong. `label` is what locations call the file. */
export function parseWaivers(text: string, label: string): readonly WaiverRule[] {
  const document = parseDocument(text, label);
  if (!validate(document.value)) {
    const errors = (validate.errors ?? []) as readonly SchemaError[];
    throw new ContractError(
      errors.map((error) => describeSchemaError(error, document, schema as Schema, 'the file of waivers')),
    );
  }
  const { waivers } = document.value as unknown as { readonly waivers: readonly RawWaiver[] };
  const problems: ContractProblem[] = [];
  const rules = waivers.map((raw, i) => {
    const { rule, reason, owner, expires } = raw;
    if (!isDate(expires))
      problems.push({ message: `there is no day ${expires}`, location: document.locate(`/waivers/${i}/expires`) });
    const given = scopes.flatMap((scope) => {
      const names = raw[scope];
      return names === undefined ? [] : [[scope, typeof names === 'string' ? [names] : names] as const];
    });
    return { rule, ...Object.fromEntries(given), reason, owner, expires, location: document.locate(`/waivers/${i}`) };
  });
  if (problems.length > 0) throw new ContractError(problems);
  return rules;
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
