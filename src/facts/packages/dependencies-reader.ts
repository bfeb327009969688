/** The fact `dependencies`: Pre-Depends, Depends and Provides of the status file (Debian Policy 7.1, 7.5). Read apart from `packages`, which every run needs. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { DependenciesFact, DependencyName, DependentPackage } from './dependencies-fact.ts';
import { findRecords } from './package-files-reader.ts';

export const dependenciesReader: FactReader<'dependencies'> = {
  id: 'dependencies',
  title: 'what installed packages depend on',
  reads: ['/var/lib/dpkg/status'],
  needs: ['packages'],
  read: readDependencies,
};

const wanted = ['pre-depends', 'depends', 'provides'];

function readDependencies(view: RootView, context: FactContext): FactResult<DependenciesFact> {
  const { value, gaps: before } = context.get('packages');
  const gaps: Gap[] = [...before];
  const packages: DependentPackage[] = [];
  const folder = findRecords(context);
  try {
    const text = folder === undefined ? '' : (view.readText(`${folder}/status`) ?? '');
    const stanzas = new Map(parseStanzas(text).map((stanza) => [`${stanza.package}:${stanza.architecture}`, stanza]));
    for (const { name, version, architecture, status, location } of value.packages) {
      const fields = stanzas.get(`${name}:${architecture}`);
      if (!fields || !/ (?:installed|triggers-(?:awaited|pending))$/.test(status)) continue;
      const depends = [fields['pre-depends'], fields.depends].flatMap((field) => parseDepends(field ?? ''));
      const provides = parseDepends(fields.provides ?? '').flatMap((names) =>
        names.map(({ name: one, version: of }) => ({ name: one, ...(of === undefined ? {} : { version: of }) })),
      );
      packages.push({ name, version, architecture, depends, provides, location });
    }
  } catch (thrown) {
    gaps.push({ cause: damageFrom(asImageError(thrown)) });
  }
  return { value: { packages }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** The wanted fields of each stanza, folded lines joined; `packages` has judged the syntax. */
function parseStanzas(text: string): readonly Readonly<Record<string, string>>[] {
  return text.split(/\n{2,}/).map((stanza) => {
    const fields: Record<string, string> = Object.create(null);
    for (const [, key = '', value = ''] of stanza.matchAll(/^([A-Za-z-]+)[ \t]*:((?:[^\n]|\n[ \t])*)/gm)) {
      const name = key.toLowerCase();
      if (name === 'package' || name === 'architecture' || wanted.includes(name)) fields[name] = value.trim();
    }
    return fields;
  });
}

/** `a (>= 1), b | c:any`: names that all must be there, each with its alternatives. */
export function parseDepends(field: string): readonly (readonly DependencyName[])[] {
  const groups = field.split(',').map((group) => group.split('|').flatMap((one) => parseName(one) ?? []));
  return groups.filter((names) => names.length > 0);
}

function parseName(text: string): DependencyName | undefined {
  const [, name, architecture, relation, version] =
    /^\s*([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^\s)]+)\s*\))?\s*$/i.exec(text) ?? [];
  if (name === undefined) return undefined;
  return {
    name,
    ...(architecture === undefined ? {} : { architecture }),
    ...(relation === undefined || version === undefined
      ? {}
      : { relation: relation as NonNullable<DependencyName['relation']>, version }),
  };
}
