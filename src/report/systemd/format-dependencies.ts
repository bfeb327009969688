/** A tree of units as `systemctl list-dependencies` draws it. */
import { formatLocation, type Location } from '../../location.ts';
import { escapeText } from '../escape.ts';

export interface DependencyLine {
  /** `...` stands for units that are already above this place. */
  readonly unit: string;
  readonly depth: number;
  readonly isLast: boolean;
  /** How the unit comes to be here, if asked for. */
  readonly step?: { readonly by: string; readonly location: Location };
}

export interface TreeOptions {
  /** Indented names without branches and dots. */
  readonly plain: boolean;
  /** Whether a unit gets a full dot. */
  readonly isStarted: (unit: string) => boolean;
}

/** Whole lines; `rows` depth first, the unit asked for at depth 0. */
export function formatDependencies(rows: readonly DependencyLine[], { plain, isStarted }: TreeOptions): string {
  const ended: boolean[] = [];
  return rows
    .map(({ unit, depth, isLast, step }) => {
      const why = step ? `  by ${escapeText(step.by)}  ${escapeText(formatLocation(step.location))}` : '';
      const text = `${escapeText(unit)}${why}\n`;
      if (depth === 0) return text;
      ended[depth] = isLast;
      if (plain) return `  ${text}`;
      const dot = unit === '...' ? ' ' : isStarted(unit) ? '●' : '○';
      const above = ended.slice(1, depth).map((isEnded) => (isEnded ? '  ' : '│ '));
      return `${dot} ${above.join('')}${isLast ? '└─' : '├─'}${text}`;
    })
    .join('');
}
