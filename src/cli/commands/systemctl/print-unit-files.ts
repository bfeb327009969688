/** `systemctl list-unit-files`: every unit file with its state, and what the presets say. systemctl-list-unit-files.c. */
import type { ExitCode } from '../../../checks/result.ts';
import { matchesGlob } from '../../../facts/conf-files/glob.ts';
import { findEnablement } from '../../../facts/systemd/enablement.ts';
import { listUnitFiles } from '../../../facts/systemd/list-unit-files.ts';
import { formatJson } from '../../../report/escape.ts';
import { formatUnitFiles } from '../../../report/systemd/format-unit-files.ts';
import type { Question } from './run-systemctl.ts';

/** 1 if names or patterns were given and nothing matches. */
export function printUnitFiles({ set, names, options, out, gaps }: Question): ExitCode {
  const isWanted = ({ name, state }: { readonly name: string; readonly state: string }): boolean =>
    (names.length === 0 || names.some((pattern) => matchesGlob(pattern, name, { literalBackslash: true }))) &&
    (options.type.length === 0 || options.type.includes(name.slice(name.lastIndexOf('.') + 1))) &&
    (options.state.length === 0 || options.state.includes(state));
  const rows = listUnitFiles(set)
    .filter(isWanted)
    .map(({ presetBy, ...row }) => {
      if (!options.why) return row;
      const { because } = findEnablement(set, row.name);
      return { ...row, ...(because ? { because } : {}), ...(presetBy ? { presetBy } : {}) };
    });
  gaps.push(...set.presets.gaps);
  if (options.json) {
    const listed = rows.map(({ name, state, preset = null, ...why }) => ({ unit_file: name, state, preset, ...why }));
    out(formatJson(listed));
  } else out(formatUnitFiles(rows, options.legend));
  return names.length > 0 && rows.length === 0 ? 1 : 0;
}
