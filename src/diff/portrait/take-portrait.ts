/** The portrait of one image: every concern described from its facts, and the verdicts of a contract. */
import type { Contract } from '../../checks/contract.ts';
import { evaluate } from '../../checks/evaluate.ts';
import type { FactSource, Look } from '../../checks/recording-lookup.ts';
import type { Judgement } from '../../checks/result.ts';
import { describeSystem } from '../../checks/subject.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { FactId, Gap } from '../../facts/fact.ts';
import type { FactTypes } from '../../facts/fact-types.ts';
import { createTable } from '../../table.ts';
import type { Concern, FactReading } from './concern.ts';
import { type Portrait, type PortraitConcern, type PortraitGap, portraitSchema } from './portrait.ts';
import { concerns } from './registry.ts';
import { describeVerdicts } from './verdicts.ts';

export interface PortraitRequest {
  /** Base name of the image. */
  readonly image: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly contract: Contract;
  /** Parameters of the contract given by the user. */
  readonly set: ReadonlyMap<string, string>;
  /** Ids of the concerns wanted, all unless given. */
  readonly only?: ReadonlySet<string>;
}

/** Reads what the facts say. `damage` is asked for last: reading adds to it. */
export async function takePortrait(
  facts: FactSource,
  { image, tool, contract, set, only }: PortraitRequest,
  damage: () => readonly Diagnostic[],
): Promise<Portrait> {
  const looks = new Map<string, readonly Look[]>();
  const judgement = await evaluate(contract, facts, { set, onLooks: (id, seen) => looks.set(id, seen) });
  const described = createTable<PortraitConcern>();
  for (const concern of concerns) {
    if (only && !only.has(concern.id)) continue;
    await facts.prepare?.(concern.needs);
    described[concern.id] = describeConcern(concern, facts);
  }
  return {
    schema: portraitSchema,
    tool,
    image,
    platform: facts.get('platform').value.platform,
    system: await describeSystem(facts),
    contract: { name: contract.name, version: contract.version, parameters: parametersOf(judgement) },
    verdicts: describeVerdicts(judgement.results, looks),
    concerns: described,
    damage: damage()
      .filter(({ level }) => level === 'damage')
      .map(gapOf),
  };
}

function parametersOf({ parameters }: Judgement) {
  return createTable(parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
}

function describeConcern({ id, needs, describe }: Concern, facts: FactSource): PortraitConcern {
  const asked: (readonly Gap[])[] = [];
  const reading: FactReading = {
    get<K extends FactId>(fact: K, key?: string): FactTypes[K] {
      if (!needs.includes(fact)) throw new Error(`the concern ${id} reads the fact ${fact} without declaring it`);
      const { value, gaps } = facts.get(fact, key);
      asked.push(gaps);
      return value;
    },
  };
  const described = describe(reading);
  const isAbsent = 'absent' in described;
  // Some facts meet damage only while they are looked into: gaps are read afterwards.
  const gaps = distinct(asked.flat());
  return {
    records: isAbsent ? [] : described,
    gaps,
    ...(isAbsent ? { absent: described.absent } : {}),
  };
}

/** Several facts pass on the same gap; one said without keys says more than one with. */
function distinct(gaps: readonly Gap[]): readonly PortraitGap[] {
  const known = new Map<string, PortraitGap>();
  for (const { cause, keys } of gaps) {
    const gap = { ...gapOf(cause), ...(keys ? { keys } : {}) };
    const id = JSON.stringify([gap.message, gap.at]);
    const other = known.get(id);
    if (!other) known.set(id, gap);
    else if (other.keys && gap.keys) known.set(id, { ...gap, keys: [...new Set([...other.keys, ...gap.keys])] });
    else known.set(id, gapOf(cause));
  }
  return [...known.values()];
}

function gapOf({ message, location }: Diagnostic): PortraitGap {
  return { message, ...(location ? { at: location } : {}) };
}
