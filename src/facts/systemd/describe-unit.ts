/** All that `systemctl show` prints of a unit: its settings, and the state of its unit file. */
import type { Table } from '../../table.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { showUnit } from './properties/show-unit.ts';
import type { UnitFileState } from './unit-fact.ts';
import type { UnitGraph } from './unit-graph.ts';
import type { UnitSet } from './unit-set.ts';

const presetStates = { enable: 'enabled', disable: 'disabled', ignore: 'ignored' } as const;

/** Property to text; with a graph the dependencies that other units add are in it, too. */
export function describeUnit(set: UnitSet, unit: LoadedUnit, state: UnitFileState, graph?: UnitGraph): Table<string> {
  const properties = showUnit(unit, set.manager, graph);
  if (unit.fragmentPath === undefined) return properties;
  return Object.assign(properties, {
    UnitFileState: state,
    UnitFilePreset: presetStates[set.presets.decide(unit.id).action],
  });
}
