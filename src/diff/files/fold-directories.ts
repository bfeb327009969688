/** Directories told as one: what lies below one that came or went is counted with it, and one that moved as it was is one move. */
import type { TreeDifference } from '../../facts/two-trees/tree-difference.ts';

export interface Folded {
  readonly difference: TreeDifference;
  /** Entries below a directory that came, went or moved with it. */
  readonly below: number;
}

type End = 'a' | 'b';

export function foldDirectories(differences: readonly TreeDifference[]): readonly Folded[] {
  const whole = { a: topsOf(differences, 'removed'), b: topsOf(differences, 'added') };
  const rest = differences.filter((difference) => {
    const owners = endsOf(difference).map(([end, path]) => findOwner(path, whole[end]));
    for (const owner of owners) owner?.push(difference);
    return difference.state === 'moved' || owners[0] === undefined;
  });
  const moves = findMoves(rest, whole);
  const gone = new Set([...moves.values()].map(({ path }) => path));
  const inside = new Set([...moves.keys()].flatMap(({ path }) => whole.b.get(path) ?? []));
  return rest.flatMap((difference): readonly Folded[] => {
    const { path, state } = difference;
    if ((state === 'removed' && gone.has(path)) || inside.has(difference)) return [];
    const from = moves.get(difference);
    const below = (state === 'removed' ? whole.a : whole.b).get(path) ?? [];
    if (from) {
      const at = { ...from.at, ...difference.at };
      return [{ difference: { ...difference, state: 'moved', from: from.path, fields: [], at }, below: below.length }];
    }
    // What moved is told by itself.
    return [{ difference, below: below.filter((one) => one.state !== 'moved').length }];
  });
}

/** Directories that are there on one side only, without those in them; for what is found below each. */
function topsOf(differences: readonly TreeDifference[], state: 'removed' | 'added'): Map<string, TreeDifference[]> {
  const tops = new Map<string, TreeDifference[]>();
  const directories = differences.filter((one) => one.state === state && one.type === 'directory');
  const all = new Map(directories.map((one) => [one.path, one]));
  for (const path of all.keys()) if (!findOwner(path, all)) tops.set(path, []);
  return tops;
}

/** Where a difference is on the sides that have it alone. */
function endsOf({ path, state, from }: TreeDifference): readonly (readonly [End, string])[] {
  if (state === 'removed') return [['a', path]];
  if (state === 'added') return [['b', path]];
  return state === 'moved' && from !== undefined
    ? [
        ['b', path],
        ['a', from],
      ]
    : [];
}

function findOwner<T>(path: string, whole: ReadonlyMap<string, T>): T | undefined {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const owner = whole.get(path.slice(0, end));
    if (owner) return owner;
  }
  return undefined;
}

/** Directories that came, each with the one it was before: everything below has the same place and the same properties. */
function findMoves(
  rest: readonly TreeDifference[],
  whole: Readonly<Record<End, ReadonlyMap<string, readonly TreeDifference[]>>>,
): ReadonlyMap<TreeDifference, TreeDifference> {
  const left = new Map<string, TreeDifference[]>();
  for (const one of rest) {
    if (one.state !== 'removed' || one.type !== 'directory') continue;
    const key = describeTree(one, 'a', whole.a.get(one.path) ?? []);
    left.set(key, [...(left.get(key) ?? []), one]);
  }
  const moves = new Map<TreeDifference, TreeDifference>();
  for (const one of rest) {
    const below = whole.b.get(one.path);
    if (one.state !== 'added' || !below?.length) continue;
    const from = left.get(describeTree(one, 'b', below))?.shift();
    if (from && below.every((each) => isSameFile(each, from.path, one.path))) moves.set(one, from);
  }
  return moves;
}

/** A file has moved with its directory, and nothing else of it has changed. */
function isSameFile({ type, state, from, path, size, fields }: TreeDifference, before: string, after: string): boolean {
  if (type !== 'file') return true;
  if (state !== 'moved') return size?.b === 0;
  return fields.length === 0 && from === before + path.slice(after.length);
}

/** Names, types and properties of a directory and everything below it on one side. */
function describeTree(top: TreeDifference, end: End, below: readonly TreeDifference[]): string {
  const lines = below.map((one) => {
    const [, path = ''] = endsOf(one).find(([each]) => each === end) ?? [];
    const said = one.state === 'moved' ? '' : one.fields.map((field) => `${field.name} ${field[end]}`).join(', ');
    return `${path.slice(top.path.length)}\0${one.type}\0${said}`;
  });
  return [top.fields.map((field) => `${field.name} ${field[end]}`).join(', '), ...lines.sort()].join('\n');
}
