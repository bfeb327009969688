/** A command leads to the k3s program. On NixOS a package of its own may come before it: severity should. */
import { findFile } from '../../assertions/file.ts';
import { at, fail, inconclusive, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  readonly path: string;
  readonly program: string;
}

export const k3sCommand: Rule<Options> = {
  id: 'k3s-command',
  title: 'A command is there, and it is the k3s program under another name',
  needs: ['file'],
  options: { path: 'text', program: 'text' },
  evaluate: ({ path, program }, facts) => {
    const command = findFile(path, facts);
    if ('verdict' in command) return command.verdict;
    const wanted = facts.get('file', program);
    if (wanted.state === 'unreadable') return inconclusive(`${program} could not be read`, wanted.location);
    const { fact } = command;
    const evidence = fact.link ? [at(fact.link.location, 'links to', fact.link.target)] : [at(fact.location)];
    if (fact.identity !== undefined && fact.identity === wanted.identity) return pass(undefined, evidence);
    return fail(`${path} is a program of its own, k3s wanted`, {
      expected: wanted.resolved,
      found: fact.resolved,
      evidence,
      severity: 'should',
    });
  },
};
