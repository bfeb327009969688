/** Reads a list of differences: schemas/differences-1.schema.json in YAML. */
import validate from 'validator:differences-1';
import schema from '../../../schemas/differences-1.schema.json' with { type: 'json' };
import { ContractError, type ContractProblem } from '../../checks/contract-error.ts';
import { parseDocument } from '../../checks/language/parse-document.ts';
import { describeSchemaError, type Schema, type SchemaError } from '../../checks/language/schema-problems.ts';
import { concerns } from '../portrait/registry.ts';
import type { DifferenceList, ListedDifference, NameGroup } from './difference.ts';

type Names = string | readonly string[];

interface RawDifference
  extends Omit<ListedDifference, 'concern' | 'record' | 'field' | 'lacks' | 'values' | 'location'> {
  readonly concern: Names;
  readonly record?: Names;
  readonly field?: Names;
  readonly lacks?: Names;
  readonly values?: Readonly<Record<string, Names>>;
}

interface RawList {
  readonly names?: Readonly<Record<string, readonly NameGroup[]>>;
  readonly differences?: readonly RawDifference[];
}

/** What a difference can be about besides the concerns of a portrait. */
const otherConcerns = ['contract', 'files'];

/** Throws ContractError with everything that is wrong. `label` is what locations call the file. */
export function parseDifferences(text: string, label: string): DifferenceList {
  const document = parseDocument(text, label);
  if (!validate(document.value)) {
    const errors = (validate.errors ?? []) as readonly SchemaError[];
    throw new ContractError(
      errors.map((error) => describeSchemaError(error, document, schema as Schema, 'the list of differences')),
    );
  }
  const { names = {}, differences = [] } = document.value as unknown as RawList;
  const known = new Set([...concerns.map(({ id }) => id), ...otherConcerns]);
  const problems: ContractProblem[] = [];
  const hold = (ids: readonly string[], pointer: string): void => {
    for (const id of ids)
      if (!known.has(id))
        problems.push({
          message: `there is no concern ${id}`,
          hint: `known are ${[...known].join(', ')}`,
          location: document.locate(pointer),
        });
  };
  hold(Object.keys(names), '/names');
  const listed = differences.map((raw, i) => {
    const one = { ...completed(raw), location: document.locate(`/differences/${i}`) };
    hold(one.concern, `/differences/${i}/concern`);
    return one;
  });
  if (problems.length > 0) throw new ContractError(problems);
  return { names, differences: listed };
}

const listOf = (names: Names): readonly string[] => (typeof names === 'string' ? [names] : names);

function completed({ concern, record, field, lacks, values, ...rest }: RawDifference): ListedDifference {
  return {
    ...rest,
    concern: listOf(concern),
    ...(record === undefined ? {} : { record: listOf(record) }),
    ...(field === undefined ? {} : { field: listOf(field) }),
    ...(lacks === undefined ? {} : { lacks: listOf(lacks) }),
    ...(values === undefined
      ? {}
      : { values: Object.fromEntries(Object.entries(values).map(([platform, names]) => [platform, listOf(names)])) }),
  };
}
