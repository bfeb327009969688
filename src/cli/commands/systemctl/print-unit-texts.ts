/** `systemctl cat`: the files of units, fragment first, under their paths. systemctl-edit.c (verb_cat). */
import type { ExitCode } from '../../../checks/result.ts';
import { readUnitTexts } from '../../../facts/systemd/cat-unit.ts';
import { formatJson } from '../../../report/escape.ts';
import { formatUnitTexts } from '../../../report/systemd/format-unit-texts.ts';
import { askUnits } from './ask-units.ts';
import { unitGap } from './gaps.ts';
import type { Question } from './run-systemctl.ts';

/** 1 if a unit has no file. */
export function printUnitTexts({ set, names, options, out, outcome, gaps }: Question): ExitCode {
  const units = askUnits(set, names, outcome).map(({ unit }) => {
    gaps.push(...unitGap(unit));
    const isMasked = unit.loadState === 'masked';
    return { unit: unit.id, isMasked, files: isMasked ? [] : readUnitTexts(set, unit) };
  });
  for (const { unit, isMasked, files } of units)
    if (!isMasked && files.length === 0) outcome.absent(`no files found for ${unit}`);
  const found = units.filter(({ isMasked, files }) => isMasked || files.length > 0);
  if (options.json) out(formatJson(found));
  else out(formatUnitTexts(found, options.why ? (path) => set.view.locate(path) : undefined));
  return found.length < units.length ? 1 : 0;
}
