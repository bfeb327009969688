/** The files of a unit as `systemctl cat` shows them: report/systemd/format-unit-texts.ts prints them. */
import type { LoadedUnit } from './loaded-unit.ts';
import type { UnitSet } from './unit-set.ts';

export interface UnitText {
  readonly path: string;
  readonly text: string;
}

/** Fragment, then drop-ins in the order they are applied. A mask has no text. Throws if a file cannot be read. */
export function readUnitTexts(set: UnitSet, unit: LoadedUnit): readonly UnitText[] {
  const paths = [...(unit.fragmentPath === undefined ? [] : [unit.fragmentPath]), ...unit.dropInPaths];
  return paths.map((path) => ({ path, text: textOf(set, path) }));
}

function textOf(set: UnitSet, path: string): string {
  const generated = set.index.generatedFile(path);
  if (generated) return generated.text;
  return set.index.pathState(path) === 'file' ? (set.view.readText(path) ?? '') : '';
}
