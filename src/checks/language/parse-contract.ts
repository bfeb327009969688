/** One contract document, checked for its shape but not yet joined with the contract it extends. */
import validate from 'validator:contract-1';
import schema from '../../../schemas/contract-1.schema.json' with { type: 'json' };
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';
import type {
  AssertionUse,
  Concept,
  ConceptVariant,
  Condition,
  ContractCheck,
  Options,
  OptionValue,
  Parameter,
  PlatformOverride,
} from '../contract.ts';
import { ContractError } from '../contract-error.ts';
import { type ParsedDocument, parseDocument } from './parse-document.ts';
import { describeSchemaError, type Schema, type SchemaError } from './schema-problems.ts';

/** A check as written: what is absent comes from the contract that is extended. */
export type DraftCheck = Partial<ContractCheck> & Pick<ContractCheck, 'id' | 'location'>;

export interface Draft {
  readonly name: string;
  readonly version?: string;
  readonly title?: string;
  readonly extends?: { readonly name: string; readonly location: Location };
  readonly parameters: Table<Partial<Parameter> & Pick<Parameter, 'location'>>;
  readonly concepts: Table<Concept>;
  readonly platforms: Table<{ readonly skip?: string }>;
  readonly checks: readonly DraftCheck[];
}

/** The keys of a check and of a platform's override that are not claims. */
const plainKeys = new Set([
  ...['title', 'severity', 'why', 'fix', 'references', 'when', 'needs', 'undecidable', 'skip', 'platforms'],
]);

type Raw = Readonly<Record<string, OptionValue>>;

/** Throws ContractError with everything that is wrong with the shape. */
export function parseContract(text: string, label: string): Draft {
  const document = parseDocument(text, label);
  if (!validate(document.value)) {
    const errors = (validate.errors ?? []) as readonly SchemaError[];
    const telling = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames');
    throw new ContractError(
      (telling.length > 0 ? telling : errors).map((one) =>
        describeSchemaError(one, document, schema as Schema, 'the contract'),
      ),
    );
  }
  const raw = document.value as Raw;
  const section = (name: string): readonly (readonly [string, OptionValue])[] =>
    Object.entries((raw[name] ?? {}) as Raw);
  return {
    name: raw.contract as string,
    ...texts(raw, ['version', 'title']),
    ...(raw.extends === undefined
      ? {}
      : { extends: { name: raw.extends as string, location: document.locate('/extends') } }),
    parameters: Object.fromEntries(
      section('parameters').map(([name, value]) => [name, readParameter(name, value as Raw, document)]),
    ),
    concepts: Object.fromEntries(
      section('concepts').map(([name, value]) => [name, readConcept(name, value, document)]),
    ),
    platforms: Object.fromEntries(section('platforms')) as Draft['platforms'],
    checks: section('checks').map(([id, value]) => readCheck(id, value as Raw, document)),
  };
}

/** The named keys that are present, as they are. */
function texts<K extends string>(raw: Raw, keys: readonly K[]): { [P in K]?: string } {
  return Object.fromEntries(keys.flatMap((key) => (raw[key] === undefined ? [] : [[key, String(raw[key])]]))) as {
    [P in K]?: string;
  };
}

function readParameter(name: string, raw: Raw, document: ParsedDocument): Draft['parameters'][string] {
  const values = raw.values as readonly OptionValue[] | undefined;
  return {
    ...texts(raw, ['title', 'detect', 'default', 'matches']),
    ...(values === undefined ? {} : { values: values.map(String) }),
    location: document.locate(`/parameters/${name}`, true),
  };
}

function readConcept(name: string, raw: OptionValue, document: ParsedDocument): Concept {
  const location = document.locate(`/concepts/${name}`, true);
  if (typeof raw === 'string') return { variants: [{ value: raw }], location };
  const { title, variants } = raw as Raw;
  return {
    ...(title === undefined ? {} : { title: String(title) }),
    variants: (variants as readonly Raw[]).map((variant): ConceptVariant => {
      const value = String(variant.value);
      return variant.when === undefined ? { value } : { when: readCondition(variant.when as Raw), value };
    }),
    location,
  };
}

function readCondition(raw: Raw): Condition {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)]),
  );
}

function readCheck(id: string, raw: Raw, document: ParsedDocument): DraftCheck {
  const pointer = `/checks/${id}`;
  const assertions = readAssertions(raw, pointer, document);
  const platforms = raw.platforms as Raw | undefined;
  return {
    id,
    ...texts(raw, ['title', 'why', 'fix', 'undecidable', 'skip']),
    ...(raw.severity === undefined ? {} : { severity: raw.severity as ContractCheck['severity'] }),
    ...(raw.references === undefined ? {} : { references: raw.references as readonly string[] }),
    ...(raw.needs === undefined ? {} : { needs: raw.needs as readonly string[] }),
    ...(raw.when === undefined ? {} : { when: readCondition(raw.when as Raw) }),
    ...(assertions.length === 0 ? {} : { assertions }),
    ...(platforms === undefined
      ? {}
      : {
          platforms: Object.fromEntries(
            Object.entries(platforms).map(([name, value]) => [
              name,
              readOverride(value as Raw, `${pointer}/platforms/${name}`, document),
            ]),
          ),
        }),
    location: document.locate(pointer, true),
  };
}

function readOverride(raw: Raw, pointer: string, document: ParsedDocument): PlatformOverride {
  const assertions = readAssertions(raw, pointer, document);
  return {
    ...texts(raw, ['skip', 'fix']),
    ...(raw.severity === undefined ? {} : { severity: raw.severity as ContractCheck['severity'] }),
    ...(assertions.length === 0 ? {} : { assertions }),
  };
}

function readAssertions(raw: Raw, pointer: string, document: ParsedDocument): AssertionUse[] {
  return Object.entries(raw)
    .filter(([key]) => !plainKeys.has(key))
    .map(([kind, options]) => ({
      kind,
      options: options as Options,
      location: document.locate(`${pointer}/${kind}`, true),
    }));
}
