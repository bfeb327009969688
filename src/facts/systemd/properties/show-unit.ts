/** All properties of a unit that files decide, in systemctl's spelling and order. */
import { createTable, type Table } from '../../../table.ts';
import { ownSectionOf } from '../directives/registry.ts';
import type { LoadedUnit } from '../loaded-unit.ts';
import type { ManagerDefaults } from '../manager-defaults.ts';
import type { UnitGraph } from '../unit-graph.ts';
import type { UnitType } from '../unit-name.ts';
import { cgroupProperties } from './cgroup-properties.ts';
import { dependencyProperties } from './dependency-properties.ts';
import { execProperties, killProperties } from './exec-properties.ts';
import { type PropertyRow, type PropertySource, property } from './property.ts';
import { sandboxProperties } from './sandbox.ts';
import { sliceProperty } from './slice.ts';
import { typeProperties } from './type-properties.ts';
import { identityProperties, unitProperties } from './unit-properties.ts';

const runsProcesses = new Set(['service', 'socket', 'mount', 'swap']);
const hasResources = new Set([...runsProcesses, 'slice', 'scope']);
const isKilled = new Set([...runsProcesses, 'scope']);

/** What is only settled when a unit has loaded; before that systemd prints nothing, or its own limits. */
const settledLast = /^(?:Type|OOMPolicy|Slice|Where|Unit|Limit\w+)$/;

/** What such a unit has instead of the defaults: no limit, and no output of its own. */
const unsettled: Readonly<Partial<Record<UnitType, readonly PropertyRow[]>>> = {
  service: [property('StandardOutput', () => 'inherit')],
  socket: ['Trigger', 'Poll'].flatMap((limit) => [
    property(`${limit}LimitIntervalUSec`, () => 'infinity'),
    property(`${limit}LimitBurst`, () => '4294967295'),
  ]),
};

const rows = new Map<UnitType, readonly PropertyRow[]>();

/** The rows that apply to a unit. */
function rowsFor(unit: LoadedUnit): readonly PropertyRow[] {
  const { type } = unit.name;
  const all = rows.get(type) ?? rowsOfType(type);
  rows.set(type, all);
  if (unit.loadState === 'loaded') return all;
  return all.flatMap((row) => {
    if (settledLast.test(row.name)) return [];
    return [unsettled[type]?.find(({ name }) => name === row.name) ?? row];
  });
}

function rowsOfType(type: UnitType): readonly PropertyRow[] {
  return [
    ...typeProperties[type],
    ...(hasResources.has(type) ? [sliceProperty, ...cgroupProperties] : []),
    ...(runsProcesses.has(type) ? [...execProperties, ...sandboxProperties] : []),
    ...(isKilled.has(type) ? killProperties : []),
    ...identityProperties,
    ...dependencyProperties,
    ...unitProperties,
  ];
}

/** The names of all properties such a unit has, set or not, in systemctl's order. */
export function propertyNames(unit: LoadedUnit): readonly string[] {
  const { type } = unit.name;
  const own = unit.fragmentPath === undefined ? [] : ['UnitFileState', 'UnitFilePreset'];
  return [...rowsOfType(type).map(({ name }) => name), ...own];
}

/** Property to text. Values of several lines (Exec…, Listen, EnvironmentFiles) are what systemctl prints one a line. */
export function showUnit(unit: LoadedUnit, manager: ManagerDefaults, graph?: UnitGraph): Table<string> {
  const section = ownSectionOf(unit.name.type) ?? 'Unit';
  const source: PropertySource = graph ? { unit, manager, section, graph } : { unit, manager, section };
  const table = createTable<string>();
  for (const { name, show } of rowsFor(unit)) {
    const value = show(source);
    if (value !== undefined) table[name] = value;
  }
  return table;
}
