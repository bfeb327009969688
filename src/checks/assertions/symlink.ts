/**
 * `symlink`: a path ends, inside the image, at the same file as another path, whatever the link is spelt like. A copy or a
 * hard link reaches the same goal by other means: severity should.
 */
import type { Judge } from '../check.ts';
import { at, fail, inconclusive, pass } from '../verdict.ts';
import { findFile } from './file.ts';

export interface SymlinkOptions {
  readonly path: string;
  /** The path it must lead to. */
  readonly to: string;
}

export const symlinkAssertion: Judge<SymlinkOptions> = {
  id: 'symlink',
  title: 'A symbolic link ends at the same file as another path, after following all links inside the image',
  needs: ['file'],
  cannotFail: ({ path, to }) => (path === to ? 'a path always leads to itself' : undefined),
  evaluate: ({ path, to }, facts) => {
    const link = findFile(path, facts);
    if ('verdict' in link) return link.verdict;
    const target = facts.get('file', to);
    if (target.state === 'unreadable') return inconclusive(`${to} could not be read`, target.location);
    const { fact } = link;
    const evidence = fact.links.length > 0 && fact.link ? [at(fact.link.location, 'links to', fact.link.target)] : [];
    const sameNode = fact.identity !== undefined && fact.identity === target.identity;
    if (fact.resolved === target.resolved && target.state === 'present' && fact.links.length > 0)
      return pass(undefined, evidence);
    const wanted = `a link to ${to}`;
    if (fact.link === undefined && fact.stat?.type === 'file') {
      const found = sameNode ? `a hard link of ${to}` : 'a file of its own';
      const details = { expected: wanted, found, evidence: [at(fact.location)], severity: 'should' } as const;
      return fail(`${path} is ${found}, ${wanted} wanted`, details);
    }
    return fail(`${path} leads to ${fact.resolved}, ${to} wanted`, {
      expected: to,
      found: fact.resolved,
      evidence: evidence.length > 0 ? evidence : [at(fact.location)],
    });
  },
};
