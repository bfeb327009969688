/** What runs before the root is mounted is there: the first program of the initrd, its interpreter, and what its scripts call. */
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

export const initrdPrograms: Rule<object> = {
  id: 'initrd-programs',
  title: 'The initrd holds the programs that it starts',
  needs: ['initrd'],
  options: {},
  evaluate: (_options, facts) => {
    const { state, reason, location, lacks, problem } = facts.get('initrd');
    if (state === 'none') return skip('the boot entry names no initrd');
    if (state !== 'read') return inconclusive(`the initrd could not be unpacked: ${reason ?? 'nobody did'}`, location);
    if (problem !== undefined)
      return inconclusive(`the programs of the initrd could not be read: ${problem}`, location);
    const evidence = location ? [at(location)] : [];
    if (lacks.length === 0) return pass(undefined, evidence);
    return joinVerdicts(
      lacks.map(({ program, because, calledBy }) =>
        fail(`the initrd has no ${program}: ${because}`, {
          expected: program,
          found: 'missing',
          evidence: [...(calledBy ? [at(calledBy, 'called by')] : []), ...evidence],
          remedy: 'let the hook that adds the script copy its programs as well (copy_exec)',
        }),
      ),
      'must',
    );
  },
};
