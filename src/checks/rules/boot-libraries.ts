/** The first process and every program that a unit starts at boot find what they need; a program that may fail weighs less. */
import type { StartedProgram } from '../../facts/boot-programs/boot-programs-fact.ts';
import type { FactLookup, Verdict } from '../check.ts';
import { findLibraryLacks, type LibraryLack } from '../library-lacks.ts';
import { at, fail, pass } from '../verdict.ts';
import type { Rule } from './rule.ts';

type Options = Readonly<Record<string, never>>;

export const bootLibraries: Rule<Options> = {
  id: 'boot-libraries',
  title: 'Programs that start at boot find their interpreter, their libraries and the symbol versions they need',
  needs: ['boot', 'boot-programs', 'libraries'],
  options: {},
  evaluate: (_, facts) => {
    const { init } = facts.get('boot', '', ['entry']);
    const programs = [{ unit: 'init', path: init, mayFail: false }, ...facts.get('boot-programs').programs];
    const lacking = findLacking(programs, facts);
    if (lacking.length > 0) return describe(lacking);
    const paths = new Set(programs.map(({ path }) => path));
    return pass(`${paths.size} programs and what they load`);
  },
};

/** The first process has no unit that starts it. */
type Program = Pick<StartedProgram, 'unit' | 'path' | 'libraryPath' | 'mayFail'> & Partial<StartedProgram>;

interface Lacking extends LibraryLack {
  readonly program: Program;
}

/** One entry for each thing that is missing, however many programs need it; the program that must not fail first. */
function findLacking(programs: readonly Program[], facts: FactLookup): readonly Lacking[] {
  const bySubject = new Map<string, Lacking>();
  const ordered = [...programs.filter(({ mayFail }) => !mayFail), ...programs.filter(({ mayFail }) => mayFail)];
  for (const program of ordered)
    for (const lack of findLibraryLacks(facts, program.path, program.libraryPath))
      if (!bySubject.has(lack.subject)) bySubject.set(lack.subject, { ...lack, program });
  return [...bySubject.values()];
}

function describe(lacking: readonly Lacking[]): Verdict {
  const sentences = lacking.map(({ message, program }) => `${program.unit}: ${message}`);
  const [first = ''] = sentences;
  const more = lacking.length > 1 ? ` (and ${lacking.length - 1} more)` : '';
  return fail(`${first}${more}`, {
    evidence: lacking.flatMap(({ evidence, program }) => [
      ...evidence,
      ...(program.location ? [at(program.location, 'started by', `${program.directive}=${program.path}`)] : []),
    ]),
    ...(lacking.every(({ program }) => program.mayFail) ? { severity: 'should' } : {}),
  });
}
