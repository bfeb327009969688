/**
 * Circles in the order of units that one start brings together: systemd breaks them by leaving a unit out, or refuses the start.
 * transaction.c (transaction_verify_order). Strongly connected components by Tarjan's algorithm, without recursion.
 */
import type { Location } from '../../../location.ts';
import { findDefaultTarget } from '../default-target.ts';
import { resolveUnitReference } from '../directives/list-kinds.ts';
import type { LoadedUnit } from '../loaded-unit.ts';
import { type EdgeKind, UnitGraph } from '../unit-graph.ts';
import type { UnitSet } from '../unit-set.ts';
import { splitWords } from '../values/words.ts';
import type { OrderingCycle } from './unit-audit-fact.ts';

const pulling = ['Requires', 'BindsTo', 'Wants', 'Upholds'] as const;
const requiring = ['Requires', 'BindsTo', 'Requisite'] as const;
/** Groups this large are no real image's; of larger ones not every start is tried. */
const maxTried = 64;

/** One cycle for each group of units that order each other in a circle, the boot's before those of other starts. */
export function findOrderingCycles(set: UnitSet): readonly OrderingCycle[] {
  const graph = new UnitGraph(set);
  const suspects = components(loadedUnits(set), (name) => orderOf(set, graph, name));
  if (suspects.length === 0) return [];
  const boot = findDefaultTarget(set)?.unit;
  const roots = [...new Set([...(boot === undefined ? [] : [boot]), ...suspects.flat().slice(0, maxTried)])];
  const found = new Map<string, OrderingCycle>();
  // A unit of a group that one start brings together says nothing new when it is started by itself.
  const covered = new Set<string>();
  for (const root of roots) {
    if (covered.has(root)) continue;
    const together = reachedFrom(set, graph, root, pulling);
    let required: ReadonlySet<string> | undefined;
    const within = (name: string): readonly string[] => orderOf(set, graph, name).filter((each) => together.has(each));
    for (const component of components([...together], within)) {
      if (component.every((name) => covered.has(name))) continue;
      for (const name of component) covered.add(name);
      const units = shortestCircle(component, within);
      required ??= reachedFrom(set, graph, root, requiring);
      const key = [...units].sort().join(' ');
      found.set(key, { ...describe(set, units, root), unbreakable: isSubset(units, required) });
    }
  }
  return [...found.values()];
}

function loadedUnits(set: UnitSet): readonly string[] {
  return [...new Set(set.index.names().flatMap((name) => (isTemplate(name) ? [] : (set.load(name)?.id ?? []))))];
}

function isTemplate(name: string): boolean {
  return name.includes('@.');
}

/** Units it comes after. */
function orderOf(set: UnitSet, graph: UnitGraph, name: string): readonly string[] {
  const unit = set.load(name);
  return unit?.loadState === 'loaded' ? [...graph.dependencies(unit, 'After')] : [];
}

/** The unit and all it leads to over those dependencies. */
function reachedFrom(set: UnitSet, graph: UnitGraph, root: string, kinds: readonly EdgeKind[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const todo = [root];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const unit = set.load(name);
    if (unit?.loadState !== 'loaded' || reached.has(unit.id)) continue;
    reached.add(unit.id);
    for (const kind of kinds) todo.push(...graph.dependencies(unit, kind));
  }
  return reached;
}

/** A job that nothing requires, up to the root of the start, is left out to break a circle. */
function isSubset(names: readonly string[], of: ReadonlySet<string>): boolean {
  return names.every((name) => of.has(name));
}

/** Groups of more than one node that reach each other. */
function components(
  nodes: readonly string[],
  next: (node: string) => readonly string[],
): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const groups: (readonly string[])[] = [];
  const enter = (node: string): { node: string; todo: Iterator<string> } => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, todo: next(node)[Symbol.iterator]() };
  };
  const lower = (node: string, value: number): void => {
    low.set(node, Math.min(low.get(node) ?? value, value));
  };
  for (const start of nodes) {
    if (index.has(start)) continue;
    const path = [enter(start)];
    for (let frame = path.at(-1); frame; frame = path.at(-1)) {
      const { value, done } = frame.todo.next();
      if (done !== true) {
        if (!index.has(value)) path.push(enter(value));
        else if (onStack.has(value)) lower(frame.node, index.get(value) ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) lower(parent.node, low.get(frame.node) ?? 0);
      if (low.get(frame.node) !== index.get(frame.node)) continue;
      const group = stack.splice(stack.indexOf(frame.node));
      for (const node of group) onStack.delete(node);
      if (group.length > 1) groups.push(group);
    }
  }
  return groups;
}

/** The fewest units of the group that form a circle, each after the next. */
function shortestCircle(group: readonly string[], next: (node: string) => readonly string[]): readonly string[] {
  const members = new Set(group);
  let best: readonly string[] = group;
  for (const start of group.slice(0, maxTried)) {
    const from = new Map<string, string>();
    const queue = [start];
    for (let node = queue.shift(); node !== undefined && !from.has(start); node = queue.shift()) {
      for (const each of next(node)) {
        if (!members.has(each) || from.has(each)) continue;
        from.set(each, node);
        queue.push(each);
      }
    }
    const circle: string[] = [];
    for (let node = from.get(start); node !== undefined && node !== start; node = from.get(node)) circle.unshift(node);
    circle.unshift(start);
    if (circle.length < best.length || best === group) best = circle;
  }
  return best;
}

function describe(set: UnitSet, units: readonly string[], root: string): Omit<OrderingCycle, 'unbreakable'> {
  const steps = units.flatMap((from, at) => {
    const to = units[(at + 1) % units.length] ?? from;
    const location = statedAt(set, from, 'After', to) ?? statedAt(set, to, 'Before', from);
    return location ? [{ from, to, location }] : [];
  });
  return { units, steps, root };
}

function statedAt(set: UnitSet, name: string, key: 'After' | 'Before', other: string): Location | undefined {
  const unit = set.load(name);
  const names = set.load(other)?.names ?? [other];
  return unit?.settings.get(`Unit.${key}`)?.values.find(({ value }) => mentions(unit, value, names))?.location;
}

function mentions(unit: LoadedUnit, value: string, names: readonly string[]): boolean {
  return splitWords(value, 'retain').words.some((word) => {
    const name = resolveUnitReference(unit.context.expand(word), unit.context);
    return name !== undefined && names.includes(name);
  });
}
