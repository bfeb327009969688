/** Kernel parameters as sysctl(8) prints them, with the lines behind each value if asked for. */
import type { KeyExistence } from '../../facts/sysctl/key-existence.ts';
import type { SysctlAssignment, SysctlValue } from '../../facts/sysctl/sysctl-fact.ts';
import { formatLocation } from '../../location.ts';
import { escapeText } from '../escape.ts';
import { formatWhy, type SourceLine } from './format-why.ts';

export interface ParameterOptions {
  /** Values without keys. */
  readonly values: boolean;
  readonly why: boolean;
}

export interface Parameter extends SysctlValue {
  /** Whether the key is there when it is set, where a module decides that and somebody asked. */
  readonly existence?: KeyExistence;
}

/** Whole lines. */
export function formatParameters(parameters: readonly Parameter[], options: ParameterOptions): string {
  return parameters
    .map((parameter) => {
      const { key, value, set, beats, existence } = parameter;
      const line = `${escapeText(options.values ? value : `${key} = ${value}`)}\n`;
      if (!options.why) return line;
      return line + formatWhy({ set: [sourceOf(set)], beats: beats.map(sourceOf) }) + formatExistence(existence);
    })
    .join('');
}

const outcomes = {
  yes: '',
  no: ': there is no such key to set',
  unknown: ': the key is there only if the initrd or another module brings it',
} as const;

function formatExistence(existence: KeyExistence | undefined): string {
  if (!existence) return '';
  const { module, exists, because, location } = existence;
  const place = location ? `  ${escapeText(formatLocation(location))}` : '';
  return `    needs   the module ${escapeText(module)}, ${escapeText(because)}${outcomes[exists]}${place}\n`;
}

function sourceOf({ key, value, location, optional }: SysctlAssignment): SourceLine {
  return { text: `${optional ? '-' : ''}${key}=${value}`, location };
}
