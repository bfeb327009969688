/** The units that the arguments of a verb mean: names as they are, patterns for every unit file they match. */
import { compareNames } from '../../../bytes/names.ts';
import { isGlob, matchesGlob } from '../../../facts/conf-files/glob.ts';
import { parseAskedName } from '../../../facts/systemd/asked-name.ts';
import type { LoadedUnit } from '../../../facts/systemd/loaded-unit.ts';
import { parseUnitName } from '../../../facts/systemd/unit-name.ts';
import type { UnitSet } from '../../../facts/systemd/unit-set.ts';
import type { Outcome } from '../../outcome.ts';

export interface AskedUnit {
  /** As asked for, with its suffix: perhaps an alias. */
  readonly name: string;
  readonly unit: LoadedUnit;
}

/** Each pattern means a unit once; one that matches nothing means none, as with systemctl. Says so where a name is none. */
export function askUnits(set: UnitSet, names: readonly string[], outcome: Outcome): readonly AskedUnit[] {
  return names.flatMap((asked) => {
    if (isGlob(asked)) return matchUnits(set, asked).map((unit) => ({ name: unit.id, unit }));
    const name = parseAskedName(asked);
    const unit = set.load(name);
    if (!unit) outcome.absent(`${asked} is no name of a unit`);
    return unit ? [{ name, unit }] : [];
  });
}

function matchUnits(set: UnitSet, pattern: string): readonly LoadedUnit[] {
  const names = set.index.names().filter((name) => matchesGlob(pattern, name, { literalBackslash: true }));
  const units = names
    .filter((name) => parseUnitName(name)?.form !== 'template')
    .sort(compareNames)
    .flatMap((name) => set.load(name) ?? []);
  return [...new Set(units)];
}
