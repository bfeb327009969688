/** systemd has nothing to complain about in a unit: no unknown section, no key in the wrong section, no refused value. */
import { at, fail, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly unit: string;
}

export const unitProblems: Rule<Options> = {
  id: 'unit-problems',
  title: 'A unit and its drop-ins parse without a complaint',
  needs: ['unit'],
  options: { unit: 'text' },
  evaluate: ({ unit: name }, facts) => {
    const { loadState, problems, dropInPaths } = facts.get('unit', name);
    if (loadState === 'masked') return skip(`${name} is masked`);
    const [first] = problems;
    if (!first) return pass(dropInPaths.length > 0 ? `drop-ins applied: ${dropInPaths.join(', ')}` : undefined);
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    return fail(`${name}: ${first.message}${more}`, {
      evidence: problems.map(({ location, message }) => at(location, 'at', message)),
    });
  },
};
