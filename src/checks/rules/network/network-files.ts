/** The files of the network managers can be understood: none is broken, passed over, or refused by its manager. */
import { at, fail, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

export const networkFiles: Rule<object> = {
  id: 'network-files',
  title: 'Every file of the network managers can be understood',
  needs: ['network'],
  options: {},
  evaluate: (_options, facts) => {
    const { problems } = facts.get('network', '', ['interfaces', 'naming']);
    const [first] = problems;
    if (!first) return pass();
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    const evidence = problems.map(({ location, message }) => at(location, 'at', message));
    return fail(`${first.location.path ?? 'a network file'}: ${first.message}${more}`, { evidence });
  },
};
