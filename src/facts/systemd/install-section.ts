/** What [Install] of a unit asks for, drop-ins included. install.c. The manager itself never looks at it. */
import type { LoadedUnit } from './loaded-unit.ts';
import type { UnitSet } from './unit-set.ts';
import { splitWords } from './values/words.ts';

export interface InstallSection {
  readonly aliases: readonly string[];
  readonly wantedBy: readonly string[];
  readonly requiredBy: readonly string[];
  readonly upheldBy: readonly string[];
  readonly also: readonly string[];
  readonly defaultInstance: string | undefined;
}

const listKeys = ['Alias', 'WantedBy', 'RequiredBy', 'UpheldBy', 'Also'] as const;

/** Reads the sections of all files of the unit; a file that is broken for the manager counts as far as it can be read. */
export function readInstallSection(set: UnitSet, unit: LoadedUnit): InstallSection {
  const lists = new Map<string, string[]>(listKeys.map((key) => [key, []]));
  let defaultInstance: string | undefined;
  for (const { assignments } of set.filesOf(unit)) {
    for (const { section, key, value } of assignments) {
      if (section !== 'Install') continue;
      const list = lists.get(key);
      if (key === 'DefaultInstance') defaultInstance = value === '' ? undefined : unit.context.expand(value);
      else if (list && value === '') list.length = 0;
      else if (list) list.push(...splitWords(value, 'retain').words.flatMap((word) => unit.context.expand(word) ?? []));
    }
  }
  const get = (key: (typeof listKeys)[number]): readonly string[] => lists.get(key) ?? [];
  return {
    aliases: get('Alias'),
    wantedBy: get('WantedBy'),
    requiredBy: get('RequiredBy'),
    upheldBy: set.version.atLeast(254) ? get('UpheldBy') : [],
    also: get('Also'),
    defaultInstance,
  };
}

/** Whether enabling the unit would make any link. */
export function hasInstallRules({ aliases, wantedBy, requiredBy, upheldBy }: InstallSection): boolean {
  return aliases.length + wantedBy.length + requiredBy.length + upheldBy.length > 0;
}
