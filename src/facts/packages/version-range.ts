/**
 * Version ranges over Debian versions: relations joined by commas, all of which must hold (`>= 1.8, << 2`). The operators are
 * dpkg's `<< <= = >= >>`; `<` and `>` are strict. `1.32.x` stands for every version that starts `1.32.`.
 */
import { compareDebianVersions } from './debian-version.ts';

export interface VersionRelation {
  readonly operator: '<<' | '<=' | '=' | '>=' | '>>' | 'series';
  /** For `series` the prefix with its last dot: `1.32.`. */
  readonly version: string;
}

export type VersionRange = readonly VersionRelation[];

const operators: Readonly<Record<string, VersionRelation['operator']>> = {
  '<<': '<<',
  '<': '<<',
  '<=': '<=',
  '=': '=',
  '': '=',
  '>=': '>=',
  '>': '>>',
  '>>': '>>',
};

const relation = /^(<<|<=|<|>>|>=|>|=|)\s*([0-9A-Za-z][0-9A-Za-z.+~:-]*)$/;

/** The relations of a range; undefined if `text` is not one. */
export function parseVersionRange(text: string): VersionRange | undefined {
  const relations: VersionRelation[] = [];
  for (const part of text.split(',')) {
    const match = relation.exec(part.trim());
    const operator = operators[match?.[1] ?? ''];
    const version = match?.[2];
    if (operator === undefined || version === undefined) return undefined;
    if (!version.endsWith('.x')) relations.push({ operator, version });
    else if (operator === '=') relations.push({ operator: 'series', version: version.slice(0, -1) });
    else return undefined;
  }
  return relations;
}

/** Whether `version` satisfies every relation. */
export function isInVersionRange(version: string, range: VersionRange): boolean {
  return range.every((wanted) => isRelated(version, wanted));
}

/** Whether `version` stands in the relation to the version that is wanted. */
export function isRelated(version: string, wanted: VersionRelation): boolean {
  if (wanted.operator === 'series') return `${version.replace(/^v/, '')}.`.startsWith(wanted.version);
  const order = compareDebianVersions(version, wanted.version);
  switch (wanted.operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}
