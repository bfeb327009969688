/**
 * environment.d(5) as 30-systemd-environment-d-generator reads it for user managers: files in order, each value expanded with
 * what is set so far, later assignments replacing earlier ones. A file with an invalid character stops there, what it set
 * before stays. The directory in the user's home is not looked at.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable, type Table } from '../../table.ts';
import { confDirectories, listConfFiles, type MaskedFile, readConfTexts } from '../conf-files/conf-files.ts';
import type { Gap } from '../fact.ts';
import { type EnvAssignment, isValidUtf8, parseEnvFile } from './env-file.ts';
import { expandVariables } from './expand-variables.ts';

interface Assigned {
  readonly value: string;
  readonly location: Location;
}

export interface EnvironmentVariable extends Assigned {
  /** The assignments it overrode, latest first. */
  readonly beats: readonly Assigned[];
}

export interface EnvironmentProblem {
  readonly message: string;
  readonly location: Location;
  /** `file:line:` as the generator prints it; its line differs from the true one. */
  readonly reportedAt: string;
}

export interface EnvironmentD {
  /** In the order of first assignment. */
  readonly variables: Table<EnvironmentVariable>;
  readonly problems: readonly EnvironmentProblem[];
  readonly files: readonly Location[];
  readonly masked: readonly MaskedFile[];
  readonly gaps: readonly Gap[];
}

/** `inherited` is the environment the generator itself runs in: references fall back to it. */
export function readEnvironmentD(view: RootView, inherited: Table<string> = createTable()): EnvironmentD {
  const listed = listConfFiles(view, confDirectories('environment.d'), '.conf');
  const read = readConfTexts(view, listed.files);
  const history = new Map<string, Assigned[]>();
  const problems: EnvironmentProblem[] = [];
  const gaps = [...listed.gaps, ...read.gaps];
  const lookup = (name: string): string | undefined => history.get(name)?.at(-1)?.value ?? inherited[name];
  let budget = view.limits.textBytes;
  for (const { file, text } of read.texts) {
    if (text.includes('\0')) {
      problems.push({ message: 'Bad message, ignoring the file', location: file.location, reportedAt: file.path });
      continue;
    }
    for (const assignment of parseEnvFile(text)) {
      const location = { ...file.location, line: assignment.line };
      const reportedAt = `${file.path}:${assignment.reportedLine}`;
      const message = problemOf(assignment);
      if (message !== undefined) {
        problems.push({ message, location, reportedAt });
        continue;
      }
      try {
        const value = expandVariables(assignment.value ?? '', lookup, budget);
        if (!isValidUtf8(value)) {
          problems.push({ message: `invalid UTF-8 value for key ${assignment.key}, ignoring.`, location, reportedAt });
          break;
        }
        budget -= value.length;
        const assigned = history.get(assignment.key);
        if (assigned) assigned.push({ value, location });
        else history.set(assignment.key, [{ value, location }]);
      } catch (thrown) {
        gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) }, keys: [assignment.key] });
      }
    }
  }
  const variables = createTable<EnvironmentVariable>();
  for (const [name, assigned] of history) {
    const [last, ...beats] = assigned.reverse() as [Assigned, ...Assigned[]];
    variables[name] = { ...last, beats };
  }
  return { variables, problems, files: listed.files.map(({ location }) => location), masked: listed.masked, gaps };
}

function problemOf({ key, value }: EnvAssignment): string | undefined {
  if (value === undefined) return `invalid syntax (around "${key}"), ignoring.`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `invalid variable name "${key}", ignoring.`;
  return undefined;
}
