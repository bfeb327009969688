/**
 * One sysctl.d(5) file, line by line as systemd-sysctl reads it (src/sysctl/sysctl.c, parse_file). No continuation, no quoting,
 * no comment behind a value.
 */
import type { Location } from '../../location.ts';
import { maxLineLength, splitLines, stripBlanks } from '../conf-files/lines.ts';
import type { SysctlAssignment } from './sysctl-fact.ts';
import { isUsableSysctlPath, parseSysctlKey } from './sysctl-key.ts';

export interface SysctlLine {
  /** Below /proc/sys; may be a glob. */
  readonly path: string;
  /** Undefined for an exclusion (`-key` without `=`). */
  readonly value: string | undefined;
  readonly assignment: SysctlAssignment;
}

export interface SysctlProblem {
  readonly message: string;
  readonly location: Location;
}

/** The lines that count, in order, and those that systemd-sysctl rejects. `file` is where the text lies. */
export function parseSysctlFile(
  text: string,
  file: Location,
): { readonly lines: readonly SysctlLine[]; readonly problems: readonly SysctlProblem[] } {
  const lines: SysctlLine[] = [];
  const problems: SysctlProblem[] = [];
  for (const { text: raw, number } of splitLines(text)) {
    const location = { ...file, line: number };
    if (raw.length >= maxLineLength) {
      problems.push({ message: 'Line is longer than 1 MiB, the rest of the file is not read', location });
      break;
    }
    const line = stripBlanks(raw);
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const parsed = parseLine(line, location);
    if (typeof parsed === 'string') problems.push({ message: parsed, location });
    else lines.push(parsed);
  }
  return { lines, problems };
}

/** A line that counts, or what systemd-sysctl says about it. */
function parseLine(line: string, location: Location): SysctlLine | string {
  const optional = line.startsWith('-');
  const equals = line.indexOf('=');
  if (equals < 0 && !optional) return `Line is not an assignment, ignoring: ${line}`;
  const key = stripBlanks(line.slice(optional ? 1 : 0, equals < 0 ? undefined : equals));
  const value = equals < 0 ? undefined : stripBlanks(line.slice(equals + 1));
  const path = parseSysctlKey(key);
  if (!isUsableSysctlPath(path) && !optional) return `Couldn't write '${value}' to '${path}': Invalid argument`;
  return { path, value, assignment: { key, value: value ?? '', location, optional } };
}
