/** No other program of the same name stands where a shell or service would find it first. */
import { at, fail, inconclusive, pass } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly program: string;
  /** Where another one would be found. */
  readonly paths: readonly string[];
}

export const shadowedProgram: Rule<Options> = {
  id: 'shadowed-program',
  title: 'No second program of the same name is in another place',
  needs: ['file'],
  options: { program: 'text', paths: 'list' },
  evaluate: ({ program, paths }, facts) => {
    const own = facts.get('file', program);
    const seen = paths.map((path) => facts.get('file', path));
    const others = seen.filter(({ state, identity }) => state === 'present' && identity !== own.identity);
    if (others.length > 0) {
      return fail(`there is another program at ${others.map(({ path }) => path).join(', ')}`, {
        expected: program,
        found: others.map(({ path }) => path).join(', '),
        evidence: others.map(({ location }) => at(location)),
      });
    }
    const unread = seen.find(({ state }) => state === 'unreadable');
    return unread ? inconclusive(`${unread.path} could not be read`, unread.location) : pass();
  },
};
