/** The bill of materials beside the image: it lists what is installed, in the versions that are installed. */
import type { SbomPackage } from '../../../facts/sbom/sbom-fact.ts';
import { isInstalled } from '../../assertions/package.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { stanza } from '../packages/status-example.ts';

const component = (name: string, version: string, architecture = 'amd64') => ({
  purl: `pkg:deb/debian/${name}@${version}?arch=${architecture}`,
});

export const sbom: LintRule = {
  id: 'image/sbom',
  title: 'the bill of materials beside the image is of this image',
  many: '{count} packages differ from the bill of materials',
  why: 'Whoever looks for known vulnerabilities looks into the bill: what it does not list is never found.',
  fix: 'Build the bill after the last package is installed, and keep the files of one build together.',
  references: ['Isar: feature generate-sbom', 'debsbom'],
  severity: 'should',
  profiles: ['default', 'reproducible'],
  cost: 'walk',
  needs: ['sbom', 'packages'],
  messages: {
    unlisted: 'the package {name} is not in {file}',
    version: 'the package {name} is {found}, in {file} it is {listed}',
  },
  examples: [
    {
      name: 'the bill of another build',
      tree: { '/var/lib/dpkg/status': stanza('bash', { Version: '5.2-2' }) + stanza('curl', { Version: '1:8' }) },
      image: {
        sideFiles: [
          {
            kind: 'cyclonedx',
            name: 'node.cdx.json',
            text: JSON.stringify({ components: [component('bash', '5.2-1')] }),
          },
        ],
      },
      findings: [
        ['bash', 'the package bash is 5.2-2, in node.cdx.json it is 5.2-1'],
        ['curl', 'the package curl is not in node.cdx.json'],
      ],
    },
    {
      name: 'both formats, sources and packages of the boot partition beside them',
      tree: { '/var/lib/dpkg/status': stanza('bash', { Version: '1:5.2+x' }) },
      image: {
        sideFiles: [
          {
            kind: 'spdx',
            name: 'node.spdx.json',
            text: JSON.stringify({
              packages: [
                { externalRefs: [{ referenceType: 'purl', referenceLocator: component('bash', '1%3A5.2%2Bx').purl }] },
                { name: 'document' },
              ],
            }),
          },
          {
            kind: 'cyclonedx',
            name: 'node.wic.cdx.json',
            text: JSON.stringify({
              components: [component('bash', '1:5.2+x'), component('bash', '1:4', 'source'), component('shim', '1')],
            }),
          },
        ],
      },
      findings: [],
    },
  ],
  skip: (facts) => {
    if (facts.get('sbom').documents.length === 0) return 'there is no bill of materials beside the image';
    return facts.get('packages').database.startsWith('dpkg') ? undefined : 'the image has no dpkg database';
  },
  *run(facts) {
    const installed = facts.get('packages').packages.filter(isInstalled);
    for (const { name: file, packages } of facts.get('sbom').documents) {
      const listed = versionsOf(packages);
      for (const { name, version, location } of installed) {
        const versions = listed.get(name);
        if (versions?.includes(version)) continue;
        yield {
          subject: { kind: 'package', name },
          message: versions ? 'version' : 'unlisted',
          data: { name, file, found: version, listed: versions?.join(', ') ?? '' },
          evidence: [at(location), at({ source: file }, 'differs from')],
        };
      }
    }
  },
};

function versionsOf(packages: readonly SbomPackage[]): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const { name, version } of packages) {
    const known = versions.get(name);
    if (known) known.push(version);
    else versions.set(name, [version]);
  }
  return versions;
}
