/** Store paths that are not what Nix built: their content has another hash than the one registered with them. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { exampleImage, examplePackage, exampleTree } from './example-system.ts';

export const changedStorePath: LintRule = {
  id: 'nix/changed-path',
  title: 'every path of the system is what Nix built',
  many: '{count} paths of the system are not as Nix built them',
  why: 'A path that changed after it was built is no longer what its name promises; Nix would not notice.',
  fix: 'Find the step that writes into the store of the image; nix-store --verify-path says the same on a machine.',
  references: ['nix-store --verify-path'],
  severity: 'should',
  profiles: ['default'],
  cost: 'content',
  needs: ['nix-store', 'nix-hashes'],
  messages: { changed: 'the content of {path} is not what Nix registered' },
  examples: [
    { name: 'a store as Nix built it', tree: exampleTree, image: exampleImage, findings: [] },
    {
      name: 'a program that was replaced',
      tree: { ...exampleTree, [`${examplePackage}/bin/app`]: { text: 'other', mode: 0o555 } },
      image: exampleImage,
      findings: [[examplePackage, `the content of ${examplePackage} is not what Nix registered`]],
    },
    {
      name: 'a program that lost its executable bit',
      tree: { ...exampleTree, [`${examplePackage}/bin/app`]: { text: 'app', mode: 0o444 } },
      image: exampleImage,
      findings: [[examplePackage, `the content of ${examplePackage} is not what Nix registered`]],
    },
  ],
  standsAlone: true,
  skip: (facts) => {
    const { system, closure } = facts.get('nix-store', '', ['closure']);
    if (!system) return 'the image has no NixOS system';
    return closure?.by === 'scan' ? 'the image does not say what its store paths should be' : undefined;
  },
  *run(facts) {
    for (const { path, state, hash = '', registered = '', location } of facts.get('nix-hashes').paths)
      if (state === 'changed')
        yield {
          subject: { kind: 'path', name: path },
          message: 'changed',
          data: { path },
          expected: registered,
          found: hash,
          evidence: [at(location)],
        };
  },
};
