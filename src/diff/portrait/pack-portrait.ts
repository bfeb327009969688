/**
 * A portrait as text, to be handed from thread to thread: a line a record. What the portrait there says in the same words is not made
 * again: its records stand for both sides, so that nothing of them is left to compare.
 */
import { createTable, type Table } from '../../table.ts';
import type { Portrait, PortraitConcern, PortraitRecord } from './portrait.ts';

export interface PackedPortrait extends Omit<Portrait, 'concerns'> {
  readonly concerns: Table<PackedConcern>;
}

interface PackedConcern extends Omit<PortraitConcern, 'records'> {
  /** Each record as JSON, which has no line breaks. */
  readonly lines: string;
}

export function packPortrait({ concerns, ...rest }: Portrait): PackedPortrait {
  const packed = createTable<PackedConcern>();
  for (const [id, { records, ...concern }] of Object.entries(concerns))
    packed[id] = { ...concern, lines: records.map((record) => JSON.stringify(record)).join('\n') };
  return { ...rest, concerns: packed };
}

/** `other` is the portrait that this one will be compared with, `its` what that is packed. Of a record of both the places are those of `other`. */
export function unpackPortrait({ concerns, ...rest }: PackedPortrait, other: Portrait, its: PackedPortrait): Portrait {
  const unpacked = createTable<PortraitConcern>();
  for (const [id, { lines, ...concern }] of Object.entries(concerns)) {
    const known = { records: other.concerns[id]?.records ?? [], lines: its.concerns[id]?.lines ?? '' };
    unpacked[id] = { ...concern, records: unpackRecords(lines, known, (text) => relabel(text, rest.image, its.image)) };
  }
  return { ...rest, concerns: unpacked };
}

function unpackRecords(
  lines: string,
  known: { readonly records: readonly PortraitRecord[]; readonly lines: string },
  relabelled: (text: string) => string,
): readonly PortraitRecord[] {
  const same = relabelled(lines);
  if (same === known.lines) return known.records;
  if (lines === '') return [];
  const byLine = new Map(known.lines.split('\n').map((line, i) => [line, known.records[i]]));
  const sameLines = same.split('\n');
  return lines.split('\n').map((line, i) => byLine.get(sameLines[i] as string) ?? JSON.parse(line));
}

/** The label of an image stands where a location begins. Inside a text the quotation marks around it would be escaped. */
function relabel(text: string, from: string, to: string): string {
  if (from === to) return text;
  const beginning = (label: string): string => `"source":${JSON.stringify(label).slice(0, -1)}`;
  return text.replaceAll(beginning(from), () => beginning(to));
}
