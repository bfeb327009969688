/**
 * Relative links that climb above the root of the image. The kernel stays at the root; whoever unpacks, mounts or chroots the
 * image elsewhere leaves it.
 */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

export const escapingLinks: LintRule = {
  id: 'links/escaping',
  title: 'no symbolic link climbs out of the image',
  many: '{count} symbolic links climb out of the image',
  why: 'Where the image is mounted below another directory, as build tools do, the link leads into the host.',
  fix: 'Make the link with as many ../ as there are directories above it, or make it absolute.',
  references: ['path_resolution(7)'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['tree'],
  standsAlone: true,
  messages: { climbs: '{path} climbs out of the image: {target}' },
  examples: [
    {
      name: 'one step too far up',
      tree: { '/etc/alternatives/vi': { link: '../../../usr/bin/vim' }, '/usr/bin/vim': 'x' },
      findings: [['/etc/alternatives/vi', '/etc/alternatives/vi climbs out of the image: ../../../usr/bin/vim']],
    },
    {
      name: 'as far as the root',
      tree: { '/etc/alternatives/vi': { link: '../../usr/bin/vim' }, '/usr/bin/vim': 'x' },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { path, link, location } of facts.get('tree').entries) {
      if (!link || !climbsOut(path, link.target)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'climbs',
        data: { path, target: link.target },
        evidence: [at(location, 'at', `-> ${link.target}`)],
      };
    }
  },
};

/** Counted by names: a link on the way may only make it shorter or longer, not leave the tree it lies in. */
function climbsOut(path: string, target: string): boolean {
  if (target.startsWith('/')) return false;
  let depth = path.split('/').length - 2;
  for (const name of target.split('/')) {
    if (name === '' || name === '.') continue;
    depth += name === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}
