/** Unit files in columns, as `systemctl list-unit-files` prints them to a pipe. */
import { formatLocation, type Location } from '../../location.ts';
import { escapeText } from '../escape.ts';
import { formatColumns } from './format-columns.ts';

export interface UnitFileLine {
  readonly name: string;
  readonly state: string;
  /** Absent where presets do not apply. */
  readonly preset?: string;
  /** The link or file that makes the state, if asked for. */
  readonly because?: Location;
  /** The line of a preset file, if asked for. */
  readonly presetBy?: Location;
}

/** Whole lines; with the legend a header and the count. */
export function formatUnitFiles(files: readonly UnitFileLine[], legend: boolean): string {
  const rows = files.map(({ name, state, preset = '-', because, presetBy }) => [
    escapeText(name),
    state,
    preset,
    ...(because ? [escapeText(formatLocation(because))] : []),
    ...(presetBy ? [`preset ${escapeText(formatLocation(presetBy))}`] : []),
  ]);
  if (legend) rows.unshift(['UNIT FILE', 'STATE', 'PRESET']);
  const count = legend ? `\n${files.length} unit files listed.\n` : '';
  return formatColumns(rows) + count;
}
