/** What the JSON Schema validator says, as sentences with the place in the document and a hint. */
import type { OptionValue } from '../contract.ts';
import type { ContractProblem } from '../contract-error.ts';
import { hintFor } from './nearest-name.ts';
import { escapePointer, type ParsedDocument } from './parse-document.ts';

/** One error of the compiled validator, the part of ajv's shape that is used. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** Of an error about the name of a key, whose map is at `instancePath`. */
  readonly propertyName?: string;
}

/** `schema` is what the document was validated against, `title` what the document is called. */
export function describeSchemaError(
  error: SchemaError,
  document: ParsedDocument,
  schema: Schema,
  title: string,
): ContractProblem {
  const { instancePath, params, propertyName } = error;
  const at = (ofKey?: boolean) => document.locate(instancePath, ofKey);
  const name = instancePath === '' ? title : instancePath.slice(instancePath.lastIndexOf('/') + 1);
  if (propertyName !== undefined) {
    const location = document.locate(`${instancePath}/${escapePointer(propertyName)}`, true);
    return {
      message: `${propertyName} cannot be used as a name`,
      hint: `it must match ${String(params.pattern)}`,
      location,
    };
  }
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const hint = hintFor(key, Object.keys(schemaAt(schema, instancePath).properties ?? {}));
      const location = document.locate(`${instancePath}/${escapePointer(key)}`, true);
      return { message: `unknown key ${key}`, location, ...(hint === undefined ? {} : { hint }) };
    }
    case 'enum': {
      const allowed = (params.allowedValues as readonly unknown[]).map(String);
      const value = textAt(document, instancePath);
      const hint = hintFor(value, allowed) ?? `known are ${allowed.join(', ')}`;
      return { message: `${name} cannot be ${value}`, hint, location: at() };
    }
    case 'required':
      return { message: `${name} lacks ${String(params.missingProperty)}`, location: at(true) };
    case 'type':
      return { message: `${name} must be ${typeWords(params.type)}`, location: at() };
    case 'pattern': {
      const { description } = schemaAt(schema, instancePath);
      const hint = description ?? `it must match ${String(params.pattern)}`;
      return { message: `${name} cannot be ${textAt(document, instancePath)}`, hint, location: at() };
    }
    case 'minProperties':
    case 'minItems':
      return { message: `${name} is empty`, location: at(true) };
    case 'propertyNames':
      return { message: `${String(params.propertyName)} cannot be used as a name`, location: at() };
    default:
      return { message: `${name} ${error.message ?? 'is not valid'}`, location: at() };
  }
}

/** The value as a sentence can show it: a map or a list has no text of its own. */
function textAt(document: ParsedDocument, pointer: string): string {
  const value = valueAt(document.value, pointer);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a map' : String(value);
}

function typeWords(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  const words: Readonly<Record<string, string>> = {
    object: 'a map',
    array: 'a list',
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  return types.map((one) => words[String(one)] ?? String(one)).join(' or ');
}

/** The parts of a schema that are looked at here. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

/** The schema that holds for the value at a pointer of the document. ajv's own schema paths start anew at each $ref. */
function schemaAt(schema: Schema, pointer: string): Schema {
  let at = schema;
  for (const part of pointer.split('/').slice(1)) {
    const { properties = {}, additionalProperties, items }: Schema = at;
    const rest = typeof additionalProperties === 'object' ? additionalProperties : {};
    at = followReference(schema, (Object.hasOwn(properties, part) ? properties[part] : undefined) ?? items ?? rest);
  }
  return at;
}

function followReference(schema: Schema, given: Schema): Schema {
  if (given.$ref === undefined) return given;
  const target = valueAt(schema as OptionValue, given.$ref.slice(1)) as Schema;
  return { ...target, ...given };
}

/** The value at a JSON pointer, null if there is none. */
export function valueAt(value: OptionValue, pointer: string): OptionValue {
  let at: OptionValue = value;
  for (const part of pointer.split('/').slice(1)) {
    if (at === null || typeof at !== 'object') return null;
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    at = (at as Readonly<Record<string, OptionValue>>)[name] ?? null;
  }
  return at;
}
