/** `systemctl show`: properties in systemctl's spelling and order. Those that only a running manager knows are refused by name. */
import type { ExitCode } from '../../../checks/result.ts';
import { BootedGraph } from '../../../facts/systemd/booted-graph.ts';
import { describeUnit } from '../../../facts/systemd/describe-unit.ts';
import { findEnablement } from '../../../facts/systemd/enablement.ts';
import type { LoadedUnit } from '../../../facts/systemd/loaded-unit.ts';
import { dependencyProperties } from '../../../facts/systemd/properties/dependency-properties.ts';
import { runtimeReason } from '../../../facts/systemd/properties/runtime-properties.ts';
import { propertyNames } from '../../../facts/systemd/properties/show-unit.ts';
import { findPropertySources, type PropertySources } from '../../../facts/systemd/property-sources.ts';
import { formatJson } from '../../../report/escape.ts';
import { formatShow } from '../../../report/systemd/format-show.ts';
import { createTable, type Table } from '../../../table.ts';
import { askUnits } from './ask-units.ts';
import { unitGap } from './gaps.ts';
import type { Question } from './run-systemctl.ts';

const dependencyNames: ReadonlySet<string> = new Set(dependencyProperties.map(({ name }) => name));

/** 1 if a property was asked for that no file decides. */
export function printProperties({ set, names, options, out, outcome, gaps }: Question): ExitCode {
  const { property: wanted, why } = options;
  const needsGraph = wanted.length === 0 || wanted.some((name) => dependencyNames.has(name));
  const graph = needsGraph ? new BootedGraph(set) : undefined;
  gaps.push(...set.manager.gaps, ...set.presets.gaps);
  const shown = askUnits(set, names, outcome).map(({ unit }) => {
    gaps.push(...unitGap(unit));
    const all = describeUnit(set, unit, findEnablement(set, unit.id).state, graph?.around(unit));
    const properties = wanted.length === 0 ? all : narrow(unit, all, wanted);
    const sources = createTable<PropertySources>();
    if (why) for (const name of Object.keys(properties)) sources[name] = findPropertySources(set, unit, name);
    return { unit: unit.id, properties, ...(why ? { sources } : {}) };
  });
  for (const name of wanted) {
    const reason = runtimeReason(name);
    if (reason !== undefined && shown.some(({ properties }) => properties[name] === undefined))
      outcome.absent(`${name} is decided at run time: ${reason}`);
  }
  out(options.json ? formatJson(shown) : formatShow(shown, options.value));
  return outcome.exitCode;
}

/** What was asked for, in the order of the whole; empty where the unit has such a property but nothing sets it. */
function narrow(unit: LoadedUnit, all: Table<string>, wanted: readonly string[]): Table<string> {
  const names = new Set(wanted);
  const table = createTable<string>();
  for (const name of propertyNames(unit)) {
    if (!names.has(name)) continue;
    const value = all[name];
    if (value !== undefined) table[name] = value;
    else if (runtimeReason(name) === undefined) table[name] = '';
  }
  return table;
}
