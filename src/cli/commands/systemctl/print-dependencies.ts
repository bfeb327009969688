/** `systemctl list-dependencies`: what units pull in, as a tree; a dot says whether a unit starts at boot. */
import type { ExitCode } from '../../../checks/result.ts';
import { BootedGraph } from '../../../facts/systemd/booted-graph.ts';
import { type DependencyRow, type Direction, listDependencies } from '../../../facts/systemd/list-dependencies.ts';
import { pulledBy } from '../../../facts/systemd/pull-graph.ts';
import type { PullStep } from '../../../facts/systemd/unit-fact.ts';
import type { UnitSet } from '../../../facts/systemd/unit-set.ts';
import { formatJson } from '../../../report/escape.ts';
import { formatDependencies } from '../../../report/systemd/format-dependencies.ts';
import type { SystemctlOptions } from '../systemctl.ts';
import { askUnits } from './ask-units.ts';
import type { Question } from './run-systemctl.ts';

export function printDependencies({ set, facts, names, options, out, outcome, gaps }: Question): ExitCode {
  const graph = new BootedGraph(set);
  const startup = facts.get('startup');
  gaps.push(...startup.gaps);
  const isStarted = (unit: string): boolean => {
    const start = Object.hasOwn(startup.value.units, unit) ? startup.value.units[unit] : undefined;
    return start?.state === 'boot' && start.skippedBecause === undefined;
  };
  const opened = options.plain ? { opened: new Set<string>() } : {};
  const list = { direction: directionOf(options), all: options.all, ...opened };
  const asked = names.length === 0 ? ['default.target'] : names;
  const trees = askUnits(set, asked, outcome).map(({ name, unit }) => {
    const rows = listDependencies(set, graph.around(unit), name, list);
    return options.why ? rows.map((row) => ({ ...row, ...stepTo(set, row, list.direction) })) : rows;
  });
  if (options.json) out(formatJson(trees));
  else out(trees.map((rows) => formatDependencies(rows, { plain: options.plain, isStarted })).join('\n'));
  return 0;
}

function directionOf({ reverse, after, before }: SystemctlOptions): Direction {
  return reverse ? 'reverse' : after ? 'after' : before ? 'before' : 'forward';
}

/** The line or link by which one unit pulls the other in. */
function stepTo(set: UnitSet, { unit, parent }: DependencyRow, direction: Direction): { readonly step?: PullStep } {
  if (parent === undefined || direction === 'after' || direction === 'before') return {};
  const [from, to] = direction === 'forward' ? [parent, unit] : [unit, parent];
  const puller = set.load(from);
  const step = puller && pulledBy(set, puller).find((each) => set.load(each.unit)?.id === to);
  return step ? { step } : {};
}
