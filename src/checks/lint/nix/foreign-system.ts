/** Programs of the system's closure for another machine than the system was built for. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { elfExample } from '../programs/elf-example.ts';
import { exampleImage, examplePackage, exampleToplevel } from './example-system.ts';

interface Options {
  readonly allow: readonly string[];
}

/** Programs a kernel of that architecture runs as well. */
const alsoRuns: Readonly<Record<string, string>> = { amd64: 'i386', arm64: 'armhf' };

export const foreignSystem: LintRule<Options> = {
  id: 'nix/foreign-system',
  title: 'the programs of the system are for the machine it was built for',
  many: '{count} store paths of the system hold programs for another machine',
  why: 'A closure that was copied from a machine of another architecture does not even start init.',
  fix: 'Build the configuration with nixpkgs.hostPlatform of the node, and copy that closure into the image.',
  references: ['elf(5)', 'execve(2) ENOEXEC'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['nix-store', 'platform', 'programs'],
  options: {
    allow: {
      title: 'path patterns of files that may be for other machines',
      default: ['/nix/store/*firmware*/**', '/nix/store/*/share/**'],
    },
  },
  messages: { foreign: '{path} is for {found}, the system for {wanted}' },
  examples: [
    {
      name: 'a package of another machine',
      tree: {
        [`${exampleToplevel}/system`]: 'aarch64-linux',
        [`${exampleToplevel}/sw`]: { link: examplePackage },
        [`${examplePackage}/bin/app`]: { bytes: elfExample('amd64'), mode: 0o555 },
        [`${examplePackage}/bin/other`]: { bytes: elfExample('amd64'), mode: 0o555 },
        [`${examplePackage}/share/firmware`]: { bytes: elfExample('riscv64'), mode: 0o555 },
      },
      image: exampleImage,
      findings: [[examplePackage, `${examplePackage}/bin/app is for amd64, the system for arm64`]],
    },
    {
      name: 'a system of one piece, and what lies in the store beside it',
      tree: {
        [`${exampleToplevel}/system`]: 'x86_64-linux',
        [`${exampleToplevel}/sw`]: { link: examplePackage },
        [`${examplePackage}/bin/app`]: { bytes: elfExample('amd64'), mode: 0o555 },
        [`/nix/store/${'d'.repeat(32)}-other-1.0/bin/other`]: { bytes: elfExample('arm64'), mode: 0o555 },
      },
      image: exampleImage,
      findings: [],
    },
  ],
  skip: (facts) => (facts.get('nix-store', '', ['system']).system ? undefined : 'the image has no NixOS system'),
  *run(facts, { allow }) {
    const statement = facts.get('platform').architectureEvidence.find(({ source }) => source === 'system');
    const wanted = statement?.architecture;
    if (!statement || wanted === undefined) return;
    const used = facts.get('nix-store', '', ['closure']).closure?.paths;
    const named = new Set<string>();
    for (const { path, start, location } of facts.get('programs').files) {
      const owner = path.split('/', 4).join('/');
      if (start.kind !== 'elf' || !used?.has(owner) || named.has(owner) || isListed(path, allow)) continue;
      const found = start.architecture;
      if (found === wanted || found === alsoRuns[wanted]) continue;
      named.add(owner);
      yield {
        subject: { kind: 'path', name: owner },
        message: 'foreign',
        data: { path, found, wanted },
        expected: wanted,
        found,
        evidence: [at(location), at(statement.location, 'built for', wanted)],
      };
    }
  },
};
