/** The package lists beside the image belong to this image: they name what the package database says is installed. */

import type { SideManifest } from '../../facts/packages/packages-fact.ts';
import { isInstalled } from '../assertions/package.ts';
import type { Evidence } from '../check.ts';
import { at, fail, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

const shown = 3;

interface Difference {
  readonly text: string;
  readonly evidence: Evidence;
}

export const packageLists: Rule<Record<string, never>> = {
  id: 'package-lists',
  title: 'The package lists beside the image say what the package database says',
  needs: ['packages'],
  options: {},
  evaluate: (_, facts) => {
    const { database, packages, beside, databaseLocation } = facts.get('packages');
    if (beside.length === 0) return skip('there is no package list beside the image');
    if (database === 'none' || database === 'nix') return skip('the image has no dpkg database to compare with');
    const installed = new Map(packages.filter(isInstalled).map((one) => [one.name, one.version]));
    for (const list of beside) {
      const differences = compare(list, installed, databaseLocation ? at(databaseLocation, 'not in') : undefined);
      if (differences.length === 0) continue;
      const more = differences.length > shown ? ` and ${differences.length - shown} more` : '';
      const texts = differences.slice(0, shown).map(({ text }) => text);
      return fail(`${list.name} belongs to another build: ${texts.join(', ')}${more}`, {
        evidence: differences.slice(0, shown).map(({ evidence }) => evidence),
      });
    }
    return pass();
  },
};

function compare(
  list: SideManifest,
  installed: ReadonlyMap<string, string>,
  inDatabase: Evidence | undefined,
): readonly Difference[] {
  const listed = new Set<string>();
  const differences: Difference[] = [];
  for (const { name, version, line } of list.packages) {
    listed.add(name);
    const found = installed.get(name);
    if (found === version) continue;
    const text = found === undefined ? `${name} is not installed` : `${name} is ${found}, listed as ${version}`;
    differences.push({ text, evidence: at({ source: list.name, line }) });
  }
  for (const name of installed.keys()) {
    const evidence = inDatabase ?? at({ source: list.name });
    if (!listed.has(name)) differences.push({ text: `${name} is not listed`, evidence: { ...evidence, role: 'at' } });
  }
  return differences;
}
