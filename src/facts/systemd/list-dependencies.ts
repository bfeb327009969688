/**
 * `systemctl list-dependencies`: the tree of what a unit pulls in, row by row as it is printed. Targets come last among
 * siblings and are the only units that are opened, unless all are asked for. systemctl-list-dependencies.c.
 */
import { compareNames } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';
import type { EdgeKind, UnitGraph } from './unit-graph.ts';
import type { UnitSet } from './unit-set.ts';

export interface DependencyRow {
  /** `...` stands for units that are already above this place. */
  readonly unit: string;
  /** 0 for the unit asked for. */
  readonly depth: number;
  /** Nothing comes after it below the same unit. */
  readonly isLast: boolean;
  /** The unit it hangs below; absent for the unit asked for. */
  readonly parent?: string;
}

export type Direction = 'forward' | 'reverse' | 'after' | 'before';

const kindsOf: Readonly<Record<Direction, readonly EdgeKind[]>> = {
  forward: ['Requires', 'Requisite', 'Wants', 'ConsistsOf', 'BindsTo', 'Upholds'],
  reverse: ['RequiredBy', 'RequisiteOf', 'WantedBy', 'PartOf', 'BoundBy', 'UpheldBy'],
  after: ['After'],
  before: ['Before'],
};

export const cycleMark = '...';
/** Trees of targets can double with each level; nobody reads this many lines. */
const maxRows = 100_000;

export interface ListOptions {
  readonly direction?: Direction;
  /** Open units that are not targets, too. */
  readonly all?: boolean;
  /** Open each unit once and never name it again: those that were, to be shared between the trees of several units. */
  readonly opened?: Set<string>;
}

interface Opened {
  readonly unit: string;
  readonly children: readonly string[];
  at: number;
  isCircular: boolean;
}

/** Depth first. Throws if the tree is too large to be read. */
export function listDependencies(
  set: UnitSet,
  graph: UnitGraph,
  name: string,
  { direction = 'forward', all = false, opened }: ListOptions = {},
): readonly DependencyRow[] {
  const above = opened ?? new Set<string>();
  const open = (unit: string): Opened => {
    above.add(unit);
    return { unit, children: childrenOf(set, graph, unit, kindsOf[direction]), at: 0, isCircular: false };
  };
  const rows: DependencyRow[] = [{ unit: name, depth: 0, isLast: true }];
  const stack = [open(set.load(name)?.id ?? name)];
  for (let here = stack.at(-1); here !== undefined; here = stack.at(-1)) {
    const depth = stack.length;
    const { unit: parent, children } = here;
    const unit = children[here.at++];
    if (unit === undefined) {
      if (here.isCircular && !opened) rows.push({ unit: cycleMark, depth, isLast: true, parent });
      if (!opened) above.delete(parent);
      stack.pop();
    } else if (above.has(unit)) {
      here.isCircular = true;
    } else {
      rows.push({ unit, depth, isLast: here.at === children.length, parent });
      if (all || unit.endsWith('.target')) stack.push(open(unit));
    }
    if (rows.length > maxRows)
      throw new ImageError('limit', 'systemd/dependency-tree', `the tree of ${name} has more than ${maxRows} lines`);
  }
  return rows;
}

/** Targets last, then by name whatever the case. */
function childrenOf(set: UnitSet, graph: UnitGraph, name: string, kinds: readonly EdgeKind[]): readonly string[] {
  const unit = set.load(name);
  if (!unit) return [];
  const names = new Set(kinds.flatMap((kind) => [...graph.dependencies(unit, kind)]));
  const keyed = [...names].map((each) => ({ each, key: `${each.endsWith('.target') ? 1 : 0}${each.toLowerCase()}` }));
  return keyed.sort((a, b) => compareNames(a.key, b.key)).map(({ each }) => each);
}
