/** A concern: one kind of things an image is compared by, and how the facts about them become records. */
import type { FactId } from '../../facts/fact.ts';
import type { FactTypes } from '../../facts/fact-types.ts';
import type { Location } from '../../location.ts';
import { createTable } from '../../table.ts';
import type { Field, PortraitRecord } from './portrait.ts';

/** The facts a concern declared. */
export interface FactReading {
  get<K extends FactId>(fact: K, key?: string): FactTypes[K];
}

export interface Concern {
  readonly id: string;
  /** For people, in the plural. */
  readonly title: string;
  readonly needs: readonly FactId[];
  /** The records in any order, or why an image of this kind has none. */
  readonly describe: (facts: FactReading) => readonly PortraitRecord[] | { readonly absent: string };
}

/** A value, a list of them, or one with its place; undefined is left out. */
export type FieldSource =
  | string
  | number
  | readonly string[]
  | { readonly value: string; readonly location: Location }
  | Field
  | undefined;

export function makeRecord(key: string, fields: Readonly<Record<string, FieldSource>>, at?: Location): PortraitRecord {
  const table = createTable<Field>();
  for (const [name, source] of Object.entries(fields)) {
    const field = makeField(source);
    if (field) table[name] = field;
  }
  return { key, fields: table, ...(at ? { at } : {}) };
}

function makeField(source: FieldSource): Field | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'string' || typeof source === 'number') return { values: [String(source)] };
  if (Array.isArray(source)) return source.length > 0 ? { values: source } : undefined;
  if ('value' in source) return { values: [source.value], at: source.location };
  return source as Field;
}

/** One record for each key: of several the first counts. */
export function firstOfEach(records: readonly PortraitRecord[]): readonly PortraitRecord[] {
  const known = new Map<string, PortraitRecord>();
  for (const record of records) if (!known.has(record.key)) known.set(record.key, record);
  return [...known.values()];
}
