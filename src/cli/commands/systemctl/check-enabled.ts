/** `systemctl is-enabled`: the state of unit files, and whether one of them is on. systemctl-is-enabled.c. */
import type { ExitCode } from '../../../checks/result.ts';
import { parseAskedName } from '../../../facts/systemd/asked-name.ts';
import { findEnablement } from '../../../facts/systemd/enablement.ts';
import { findPreset } from '../../../facts/systemd/list-unit-files.ts';
import type { LoadedUnit } from '../../../facts/systemd/loaded-unit.ts';
import type { UnitFileState, UnitStart } from '../../../facts/systemd/unit-fact.ts';
import { formatJson } from '../../../report/escape.ts';
import { formatPreset, formatStart, formatWhy } from '../../../report/systemd/format-why.ts';
import { unitGap } from './gaps.ts';
import type { Question } from './run-systemctl.ts';

const on: ReadonlySet<UnitFileState> = new Set([
  'enabled',
  'enabled-runtime',
  'static',
  'alias',
  'indirect',
  'generated',
]);

/** 0 if a unit is on, 1 if none is, 4 if there is none of that name. */
export function checkEnabled({ set, facts, names, options, out, outcome, gaps }: Question): ExitCode {
  let isAnyOn = false;
  let isAnyThere = false;
  const rows: object[] = [];
  for (const asked of names) {
    const unit = parseAskedName(asked);
    const { state, because } = findEnablement(set, unit);
    isAnyOn ||= on.has(state);
    isAnyThere ||= state !== 'not-found';
    const loaded = set.load(unit);
    gaps.push(...unitGap(loaded));
    const start = options.why ? startOf(facts.get('startup').value.units, loaded?.id ?? unit, loaded) : undefined;
    const preset: ReturnType<typeof findPreset> = state === 'not-found' ? {} : findPreset(set, unit, state);
    rows.push({
      unit,
      state,
      ...(options.why ? { because, ...preset, start } : {}),
    });
    if (options.quiet || options.json) continue;
    if (state === 'not-found' && !set.version.atLeast(254)) outcome.absent(`there is no unit file for ${unit}`);
    else out(`${state}\n`);
    if (!start) continue;
    if (because) out(formatWhy({ set: [{ text: '', location: because }], beats: [] }));
    out(formatPreset(preset.preset, preset.presetBy));
    out(formatStart(start));
  }
  if (options.json) out(formatJson(rows));
  if (isAnyOn) return 0;
  return isAnyThere || !set.version.atLeast(254) ? 1 : 4;
}

/** Of a unit that nothing leads to, too: whoever asks for a masked one is refused. */
function startOf(units: Readonly<Record<string, UnitStart>>, id: string, unit: LoadedUnit | undefined): UnitStart {
  const known = Object.hasOwn(units, id) ? units[id] : undefined;
  return known ?? { unit: id, state: unit?.loadState === 'masked' ? 'masked' : 'never', because: [] };
}
