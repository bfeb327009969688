/**
 * k3s takes what it is given: configuration files parse, and every flag or key is one its role and version know. `within`
 * narrows it to problems in files below a folder, `except` leaves such a folder to another check.
 */
import type { K3sProblem } from '../../facts/k3s/k3s-fact.ts';
import { at, fail, joinVerdicts, pass } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly within?: string;
  readonly except?: string;
}

export const k3sSettings: Rule<Options> = {
  id: 'k3s-settings',
  title: 'The configuration files of k3s parse, and it knows every flag and key it is given',
  needs: ['k3s'],
  options: { 'within?': 'text', 'except?': 'text' },
  evaluate: ({ within, except }, facts) => {
    const fact = facts.get('k3s');
    const problems = fact.problems.filter(({ location: { path = '' } }) => {
      const outside = except === undefined || !path.startsWith(`${except}/`);
      return outside && (within === undefined || path.startsWith(`${within}/`));
    });
    const refused = problems.filter(({ effect }) => effect === 'refused');
    const ignored = problems.filter(({ effect }) => effect === 'ignored');
    return joinVerdicts([...describe(refused, 'must'), ...describe(ignored, 'should'), pass()], 'must');
  },
};

function describe(problems: readonly K3sProblem[], severity: 'must' | 'should') {
  const [first] = problems;
  if (!first) return [];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const evidence = problems.map(({ location, message }) => at(location, 'at', message));
  return [fail(`${first.message}${more}`, { found: first.subject, evidence, severity })];
}
