/** The k3s service runs the program of the contract, and its first argument is the role. */
import { at, fail, inconclusive, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly program: string;
  readonly role: string;
}

export const k3sExec: Rule<Options> = {
  id: 'k3s-exec',
  title: 'ExecStart of the k3s service names the program of the contract, which exists, and the role',
  needs: ['k3s', 'file'],
  options: { program: 'text', role: 'text' },
  evaluate: ({ program, role }, facts) => {
    const fact = facts.get('k3s', '', ['arguments']);
    if (!fact.program) return skip('no k3s service was found');
    const { path, location } = fact.program;
    const evidence = [at(location, 'set by')];
    const found = facts.get('file', path);
    const wanted = facts.get('file', program);
    if (found.state === 'unreadable') return inconclusive(`${path} could not be read`, found.location);
    if (found.state === 'missing') return fail(`ExecStart runs ${path}, which is not there`, { evidence, found: path });
    if (found.resolved !== wanted.resolved && found.identity !== wanted.identity) {
      const details = { expected: program, found: path, evidence };
      return fail(`ExecStart runs ${path}, ${program} wanted`, details);
    }
    const [first] = fact.arguments;
    if (first === role) return pass(undefined, evidence);
    const is = first === undefined ? 'has no argument' : `starts with the argument ${first}`;
    return fail(`ExecStart ${is}, ${role} wanted`, { expected: role, found: first ?? 'none', evidence });
  },
};
