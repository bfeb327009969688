/** What could not be read of one unit. */
import type { Gap } from '../../../facts/fact.ts';
import type { LoadedUnit } from '../../../facts/systemd/loaded-unit.ts';

export function unitGap(unit: LoadedUnit | undefined): readonly Gap[] {
  return (unit?.damage ?? []).map((cause) => ({ cause, keys: unit?.names ?? [] }));
}
