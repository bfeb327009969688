/** Kernel parameters as sysctl(8) prints them, with the lines behind each value if asked for. */
import type { SysctlAssignment, SysctlValue } from '../../facts/sysctl/sysctl-fact.ts';
import { escapeText } from '../escape.ts';
import { formatWhy, type SourceLine } from './format-why.ts';

export interface ParameterOptions {
  /** Values without keys. */
  readonly values: boolean;
  readonly why: boolean;
}

/** Whole lines. */
export function formatParameters(parameters: readonly SysctlValue[], options: ParameterOptions): string {
  return parameters
    .map((parameter) => {
      const { key, value, set, beats, requiresModule } = parameter;
      const line = `${escapeText(options.values ? value : `${key} = ${value}`)}\n`;
      if (!options.why) return line;
      const needs = requiresModule === undefined ? '' : `    needs   the module ${escapeText(requiresModule)}\n`;
      return line + formatWhy({ set: [sourceOf(set)], beats: beats.map(sourceOf) }) + needs;
    })
    .join('');
}

function sourceOf({ key, value, location, optional }: SysctlAssignment): SourceLine {
  return { text: `${optional ? '-' : ''}${key}=${value}`, location };
}
