/** Which unit the machine boots into: `default.target`, unless the kernel command line says otherwise. systemd(1). */
import type { Location } from '../../location.ts';
import { locateEntry } from '../conf-files/conf-files.ts';
import { bootUnit } from './generators/command-line.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import type { UnitSet } from './unit-set.ts';

export interface DefaultTarget {
  /** The name after aliases: `multi-user.target`. */
  readonly unit: string;
  /** The link that makes it so. */
  readonly location: Location;
}

/** The kernel command line's choice, else `systemctl get-default`; undefined if there is none or it leads nowhere. */
export function findDefaultTarget(set: UnitSet): DefaultTarget | undefined {
  const asked = set.commandLine === undefined ? undefined : bootUnit(set.commandLine.text);
  const chosen = asked === undefined ? undefined : set.load(asked);
  if (chosen?.loadState === 'loaded' && set.commandLine) return { unit: chosen.id, location: set.commandLine.location };
  const unit = set.load('default.target');
  if (!unit || unit.fragmentPath === undefined) return undefined;
  return { unit: unit.id, location: defaultTargetLocation(set, unit) };
}

/** The first directory that has the name; one that cannot be read is a gap of the unit index already. */
function defaultTargetLocation(set: UnitSet, unit: LoadedUnit): Location {
  const directory = set.index.directories.find(
    ({ path }) => set.view.resolve(`${path}/default.target`, 'parents').state === 'found',
  );
  return locateEntry(set.view, directory ? `${directory.path}/default.target` : (unit.fragmentPath ?? '/'));
}
