/** Properties of units as `systemctl show` prints them, with the lines behind each value if asked for. */
import type { Table } from '../../table.ts';
import { escapeText } from '../escape.ts';
import { formatWhy, type Sources } from './format-why.ts';

export interface ShownUnit {
  readonly unit: string;
  readonly properties: Table<string>;
  readonly sources?: Table<Sources>;
}

/** Whole lines, an empty one between units. A value of several lines is a property printed several times. */
export function formatShow(units: readonly ShownUnit[], valuesOnly: boolean): string {
  return units
    .map(({ properties, sources }) =>
      Object.entries(properties)
        .map(([name, value]) => {
          const lines = value.split('\n').map((line) => `${valuesOnly ? '' : `${name}=`}${escapeText(line)}\n`);
          const why = sources?.[name];
          return lines.join('') + (why ? formatWhy(why) : '');
        })
        .join(''),
    )
    .join('\n');
}
