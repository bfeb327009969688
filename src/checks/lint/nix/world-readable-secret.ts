/** Secrets that a configuration put into the store: everybody on the machine may read them, and everybody who has the image. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { exampleImage, examplePackage, exampleToplevel, exampleTree, exampleUnit } from './example-system.ts';

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\n';
const keyFile = `/nix/store/${'d'.repeat(32)}-host-key`;

export const worldReadableSecret: LintRule = {
  id: 'nix/world-readable-secret',
  title: 'the configuration puts no secret into the store',
  many: '{count} files of the configuration hold secrets that everybody may read',
  why: 'Everything in the store may be read by every account and service, and stays in every copy of the image.',
  fix: 'Give the service a path outside the store (tokenFile, EnvironmentFile) that sops-nix, agenix or the machine fills.',
  references: ['NixOS manual, services.k3s.tokenFile'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['nix-store', 'store-secrets'],
  messages: { secret: '{path} holds {what}' },
  examples: [
    {
      name: 'a private key and a token in what the configuration wrote',
      tree: {
        [`${exampleToplevel}/key`]: { link: keyFile },
        [keyFile]: key,
        [`${exampleToplevel}/unit`]: { link: exampleUnit },
        [exampleUnit]: 'Environment="K3S_TOKEN=f3a91c0b"\n',
      },
      image: exampleImage,
      findings: [
        [exampleUnit, `${exampleUnit} holds a k3s token`],
        [keyFile, `${keyFile} holds a private key`],
      ],
    },
    {
      name: 'a token whose file comes with the machine, and the keys a package tests with',
      tree: {
        ...exampleTree,
        [exampleUnit]: `Environment="K3S_TOKEN_FILE=/run/secrets/token"\nExecStart=${examplePackage}/bin/app\n`,
        [`${examplePackage}/share/test.key`]: key,
      },
      image: exampleImage,
      findings: [],
    },
  ],
  standsAlone: true,
  skip: (facts) => (facts.get('nix-store', '', ['system']).system ? undefined : 'the image has no NixOS system'),
  *run(facts) {
    for (const { path, what, location } of facts.get('store-secrets').secrets)
      yield {
        subject: { kind: 'path', name: path },
        message: 'secret',
        data: { path, what },
        found: what,
        evidence: [at(location)],
      };
  },
};
