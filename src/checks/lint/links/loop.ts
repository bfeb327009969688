/** Symbolic links that lead back to themselves, or through more links than the kernel follows (path_resolution(7): 40). */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

export const loopingLinks: LintRule = {
  id: 'links/loop',
  title: 'no symbolic link leads back to itself',
  many: '{count} symbolic links lead back to themselves',
  why: 'The kernel gives up with ELOOP: nothing can be looked up through such a link.',
  fix: 'Remove the link, or let it lead to what was meant.',
  references: ['path_resolution(7)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['tree'],
  standsAlone: true,
  messages: { loop: '{path} leads back to itself' },
  examples: [
    {
      name: 'two links that lead to each other',
      tree: { '/usr/bin/a': { link: 'b' }, '/usr/bin/b': { link: '/usr/bin/a' } },
      findings: [
        ['/usr/bin/a', '/usr/bin/a leads back to itself'],
        ['/usr/bin/b', '/usr/bin/b leads back to itself'],
      ],
    },
    {
      name: 'a link to the directory it lies in',
      tree: { '/usr/bin/X11': { link: '.' }, '/usr/bin/x': 'x' },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { path, link, location } of facts.get('tree').entries)
      if (link?.end === 'loop')
        yield {
          subject: { kind: 'path', name: path },
          message: 'loop',
          data: { path },
          evidence: [at(location, 'at', `-> ${link.target}`)],
        };
  },
};
