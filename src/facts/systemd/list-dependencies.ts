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
  /** Name each unit below its first place only. */
  readonly once?: boolean;
}

interface Opened {
  readonly unit: string;
  readonly children: readonly string[];
  readonly isCircular: boolean;
  at: number;
}

/** Depth first. Throws if the tree is too large to be read. */
export function listDependencies(
  set: UnitSet,
  graph: UnitGraph,
  name: string,
  { direction = 'forward', all = false, once = false }: ListOptions = {},
): readonly DependencyRow[] {
  const seen = new Set<string>();
  const open = (unit: string): Opened => {
    seen.add(unit);
    const found = childrenOf(set, graph, unit, kindsOf[direction]);
    const children = found.filter((child) => !seen.has(child));
    return { unit, children, isCircular: children.length < found.length, at: 0 };
  };
  const top = set.load(name)?.id ?? name;
  const rows: DependencyRow[] = [{ unit: top, depth: 0, isLast: true }];
  const stack = [open(top)];
  for (let here = stack.at(-1); here !== undefined; here = stack.at(-1)) {
    const depth = stack.length;
    const { unit: parent, children, isCircular } = here;
    const unit = children[here.at++];
    if (unit === undefined) {
      if (isCircular && !once) rows.push({ unit: cycleMark, depth, isLast: true, parent });
      if (!once) seen.delete(parent);
      stack.pop();
    } else if (!seen.has(unit)) {
      rows.push({ unit, depth, isLast: here.at === children.length, parent });
      if (all || unit.endsWith('.target')) stack.push(open(unit));
    }
    if (rows.length > maxRows)
      throw new ImageError('limit', 'systemd/dependency-tree', `the tree of ${top} has more than ${maxRows} lines`);
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
