/** `systemctl list-unit-files`: every unit file with its state and what the presets say. */
import type { Location } from '../../location.ts';
import { findEnablement } from './enablement.ts';
import type { UnitFileState } from './unit-fact.ts';
import type { UnitSet } from './unit-set.ts';

export interface UnitFileRow {
  readonly name: string;
  readonly state: UnitFileState;
  /** Absent where presets do not apply. */
  readonly preset?: 'enabled' | 'disabled' | 'ignored';
  /** The preset line that says so; absent if none matches the unit, which enables it. */
  readonly presetBy?: Location;
  /** An alias that only a generator makes. */
  readonly isGenerated?: true;
}

const withoutPreset: ReadonlySet<UnitFileState> = new Set(['alias', 'static', 'generated', 'transient']);
const presetWords = { enable: 'enabled', disable: 'disabled', ignore: 'ignored' } as const;

/** Sorted as systemctl does: by type, then by name, letters' case ignored. */
export function listUnitFiles(set: UnitSet): readonly UnitFileRow[] {
  return set.index
    .names()
    .map((name) => {
      const { state } = findEnablement(set, name);
      const isGenerated = set.index.isGeneratedAlias(name) ? ({ isGenerated: true } as const) : {};
      return { name, state, ...findPreset(set, name, state), ...isGenerated };
    })
    .sort((a, b) => compare(suffix(a.name), suffix(b.name)) || compare(a.name.toLowerCase(), b.name.toLowerCase()));
}

/** What the presets say of a unit file in that state; nothing where they do not apply. */
export function findPreset(set: UnitSet, name: string, state: UnitFileState): Pick<UnitFileRow, 'preset' | 'presetBy'> {
  if (withoutPreset.has(state)) return {};
  const { action, location } = set.presets.decide(name);
  return { preset: presetWords[action], ...(location ? { presetBy: location } : {}) };
}

function suffix(name: string): string {
  return name.slice(name.lastIndexOf('.'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
