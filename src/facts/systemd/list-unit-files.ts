/** `systemctl list-unit-files`: every unit file with its state and what the presets say. */
import { findEnablement } from './enablement.ts';
import type { UnitFileState } from './unit-fact.ts';
import type { UnitSet } from './unit-set.ts';

export interface UnitFileRow {
  readonly name: string;
  readonly state: UnitFileState;
  /** Absent where presets do not apply. */
  readonly preset?: 'enabled' | 'disabled' | 'ignored';
}

const withoutPreset: ReadonlySet<UnitFileState> = new Set(['alias', 'static', 'generated', 'transient']);
const presetWords = { enable: 'enabled', disable: 'disabled', ignore: 'ignored' } as const;

/** Sorted as systemctl does: by type, then by name, letters' case ignored. */
export function listUnitFiles(set: UnitSet): readonly UnitFileRow[] {
  return set.index
    .names()
    .map((name) => {
      const { state } = findEnablement(set, name);
      const row = { name, state };
      return withoutPreset.has(state) ? row : { ...row, preset: presetWords[set.presets.decide(name).action] };
    })
    .sort((a, b) => compare(suffix(a.name), suffix(b.name)) || compare(a.name.toLowerCase(), b.name.toLowerCase()));
}

function suffix(name: string): string {
  return name.slice(name.lastIndexOf('.'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
