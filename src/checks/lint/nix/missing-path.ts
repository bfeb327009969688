/** Store paths that the system refers to and that are not in the store: whatever uses one fails, at boot or long after. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { exampleImage, examplePackage, exampleToplevel, exampleTree, exampleUnit } from './example-system.ts';

export const missingStorePath: LintRule = {
  id: 'nix/missing-path',
  title: 'the store holds every path the system refers to',
  many: '{count} paths the system refers to are not in the store',
  why: 'What refers to the path fails when it first uses it, at boot or long after.',
  fix: 'Copy the whole closure into the image (nix-store --query --requisites of the toplevel).',
  references: ['nix-store --verify', 'nix-store --query --requisites'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['nix-store'],
  messages: { missing: '{path} is not in the store, and {referrer} refers to it' },
  examples: [
    { name: 'a whole store', tree: exampleTree, image: exampleImage, findings: [] },
    {
      name: 'a package that never was in the store',
      tree: Object.fromEntries(Object.entries(exampleTree).filter(([path]) => !path.startsWith(examplePackage))),
      image: exampleImage,
      findings: [[examplePackage, `${examplePackage} is not in the store, and ${exampleUnit} refers to it`]],
    },
    {
      name: 'links into a store without records',
      tree: {
        [`${exampleToplevel}/sw`]: { link: `${examplePackage}/bin` },
        [`${exampleToplevel}/unit`]: { link: exampleUnit },
        [exampleUnit]: '',
      },
      image: exampleImage,
      findings: [[examplePackage, `${examplePackage} is not in the store, and ${exampleToplevel} refers to it`]],
    },
  ],
  skip: (facts) => (facts.get('nix-store', '', ['system']).system ? undefined : 'the image has no NixOS system'),
  *run(facts) {
    for (const { path, referrer, location } of facts.get('nix-store', '', ['closure']).closure?.missing ?? [])
      yield {
        subject: { kind: 'path', name: path },
        message: 'missing',
        data: { path, referrer },
        expected: 'in the store',
        found: 'missing',
        evidence: [at(location, 'named by')],
      };
  },
};
