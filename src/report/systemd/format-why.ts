/** Where an answer comes from: the lines that make it, those it overrides, and for units the chain of links that starts them. */

import type { UnitStart } from '../../facts/systemd/unit-fact.ts';
import { formatLocation, type Location } from '../../location.ts';
import { escapeText } from '../escape.ts';

export interface SourceLine {
  /** What the line or file says; may be empty. */
  readonly text: string;
  readonly location: Location;
}

export interface Sources {
  readonly set: readonly SourceLine[];
  readonly beats: readonly SourceLine[];
}

/** Indented lines; without a source the value is the program's own. */
export function formatWhy({ set, beats }: Sources): string {
  if (set.length === 0 && beats.length === 0) return '    built in\n';
  return [...set.map((line) => formatLine('set by', line)), ...beats.map((line) => formatLine('beats', line))].join('');
}

/** What the presets say of a unit file, and the line that says it. */
export function formatPreset(preset: string | undefined, by: Location | undefined): string {
  if (preset === undefined) return '';
  return `    preset  ${preset}  ${by ? escapeText(formatLocation(by)) : 'no line names it'}\n`;
}

function formatLine(title: string, { text, location }: SourceLine): string {
  return `    ${title.padEnd(6)}  ${escapeText(formatLocation(location))}${text === '' ? '' : `  ${escapeText(text)}`}\n`;
}

const words: Readonly<Record<UnitStart['state'], string>> = {
  boot: 'starts at boot',
  demand: 'starts on demand',
  never: 'is not started',
  masked: 'is masked: nothing starts it',
  unknown: 'cannot tell whether it starts',
};

const outcomes: Readonly<Partial<Record<UnitStart['state'], string>>> = {
  never: 'cannot be started',
  unknown: 'may not be started',
};

/** Whether and why a unit starts, one line a link. */
export function formatStart(start: UnitStart): string {
  const lines = [`    ${words[start.state]}`];
  for (const { unit, by, location } of start.because)
    lines.push(`      ${escapeText(unit)}  by ${escapeText(by)}  ${escapeText(formatLocation(location))}`);
  const { skippedBecause, skippedAt } = start;
  if (skippedBecause !== undefined) {
    const skipped = skippedBecause.startsWith('Assert') ? 'will fail' : 'will be skipped';
    const outcome = outcomes[start.state] ?? skipped;
    const place = skippedAt ? `  ${escapeText(formatLocation(skippedAt))}` : '';
    lines.push(`      ${outcome} because of ${escapeText(skippedBecause)}${place}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
