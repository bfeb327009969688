/** `systemctl list-dependencies`: the tree of what a unit pulls in. */
import { compareNames } from '../../bytes/names.ts';
import type { EdgeKind, UnitGraph } from './unit-graph.ts';
import type { UnitSet } from './unit-set.ts';

export interface DependencyRow {
  readonly unit: string;
  /** 0 for the unit asked for. */
  readonly depth: number;
}

const forward: readonly EdgeKind[] = ['Requires', 'Requisite', 'Wants', 'ConsistsOf', 'BindsTo', 'Upholds'];
const backward: readonly EdgeKind[] = ['RequiredBy', 'RequisiteOf', 'WantedBy', 'PartOf', 'BoundBy', 'UpheldBy'];

export interface ListOptions {
  readonly reverse?: boolean;
  /** Go below units that are not targets, too. */
  readonly all?: boolean;
}

/** Depth first; every unit is opened once, so cycles end. */
export function listDependencies(
  set: UnitSet,
  graph: UnitGraph,
  name: string,
  options: ListOptions = {},
): readonly DependencyRow[] {
  const kinds = options.reverse ? backward : forward;
  const rows: DependencyRow[] = [];
  const opened = new Set<string>();
  const todo: DependencyRow[] = [{ unit: set.load(name)?.id ?? name, depth: 0 }];
  for (let row = todo.pop(); row !== undefined; row = todo.pop()) {
    rows.push(row);
    const unit = set.load(row.unit);
    const opens = row.depth === 0 || options.all === true || unit?.name.type === 'target';
    if (!unit || !opens || opened.has(unit.id)) continue;
    opened.add(unit.id);
    const children = new Set(kinds.flatMap((kind) => [...graph.dependencies(unit, kind)]));
    const { depth } = row;
    todo.push(
      ...[...children]
        .sort(compareNames)
        .reverse()
        .map((child) => ({ unit: child, depth: depth + 1 })),
    );
  }
  return rows;
}
