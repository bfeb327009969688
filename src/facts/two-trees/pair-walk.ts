/**
 * Two roots walked side by side: parents before children, names in the order of their bytes, mounts entered, links not followed.
 * Each pair of directories is listed once; what only one side has is walked to its end. Paths of a Nix
 * store, and files of a boot partition, find their other by name.
 */
import { compareNames } from '../../bytes/names.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType } from '../../filesystems/file-system.ts';
import { limitExceeded } from '../../limits.ts';
import { storeDirectory } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import { isBootFolder, pairBootFiles } from './pair-boot-files.ts';
import { pairStorePaths, type StoreEntry } from './pair-store-paths.ts';

export interface TreeNode {
  readonly fileSystem: FileSystem;
  readonly node: NodeId;
  readonly type: NodeType;
  /** Path inside the file system. */
  readonly innerPath: string;
}

export interface NodePair {
  /** In the view; of side A, where the sides have different ones. */
  readonly path: string;
  /** The path of side B, of what has another name there. */
  readonly otherPath?: string;
  readonly a?: TreeNode;
  readonly b?: TreeNode;
  /** Of a directory whose entries cannot be read on a side: its children are known on neither. */
  readonly errors: readonly { readonly side: 'a' | 'b'; readonly error: ImageError }[];
}

interface Waiting extends Omit<NodePair, 'errors'> {
  readonly depth: number;
  /** Where side B has it, at and below what has another name there. */
  readonly inB?: string;
}

export function* walkPairs(a: RootView, b: RootView): Generator<NodePair> {
  const sides = { a: new Side(a), b: new Side(b) };
  const stack: Waiting[] = [{ path: '/', a: sides.a.root(), b: sides.b.root(), depth: 0 }];
  for (let pair = stack.pop(); pair; pair = stack.pop()) {
    const errors: { side: 'a' | 'b'; error: ImageError }[] = [];
    const lists = { a: [] as readonly Child[], b: [] as readonly Child[] };
    for (const side of ['a', 'b'] as const) {
      const node = pair[side];
      if (node?.type !== 'directory') continue;
      try {
        lists[side] = sides[side].list((side === 'b' && pair.inB) || pair.path, node, pair.depth);
      } catch (thrown) {
        errors.push({ side, error: asImageError(thrown) });
      }
    }
    const { depth, inB, ...found } = pair;
    yield { ...found, errors };
    if (errors.length > 0) continue;
    const merged: readonly StoreEntry<TreeNode>[] = merge(lists.a, lists.b);
    const children = pairNames(pair, merged);
    for (const { name, otherName, ...nodes } of children.toReversed()) {
      const other = otherName === undefined ? {} : { otherPath: childOf(inB ?? pair.path, otherName) };
      const below =
        otherName === undefined && inB === undefined ? {} : { inB: childOf(inB ?? pair.path, otherName ?? name) };
      stack.push({ path: childOf(pair.path, name), ...nodes, ...other, ...below, depth: depth + 1 });
    }
  }
}

/** What has another name on side B, together with what it is called on side A. */
function pairNames({ path, a, b }: Waiting, entries: readonly StoreEntry<TreeNode>[]): readonly StoreEntry<TreeNode>[] {
  if (path === storeDirectory) return pairStorePaths(entries);
  return isBootFolder(path, a, b) ? pairBootFiles(entries) : entries;
}

const childOf = (path: string, name: string): string => (path === '/' ? `/${name}` : `${path}/${name}`);

interface Child extends TreeNode {
  readonly name: string;
}

/** One of the two roots. */
class Side {
  readonly #view: RootView;
  /** Directories that have a mount below them, by view path: only there the view is asked. */
  readonly #above = new Set<string>();

  constructor(view: RootView) {
    this.#view = view;
    for (const { path } of view.mounts) if (path !== '/') this.#above.add(path.slice(0, path.lastIndexOf('/')) || '/');
  }

  root(): TreeNode {
    const found = this.#view.find('/');
    if (!found) throw new Error('a root has no root');
    return { fileSystem: found.fileSystem, node: found.node, type: 'directory', innerPath: found.innerPath };
  }

  /** Sorted; of two entries with one name the first counts. */
  list(path: string, { fileSystem, node, innerPath }: TreeNode, depth: number): readonly Child[] {
    const { limits } = this.#view;
    if (depth >= limits.depth) throw limitExceeded('depth', limits, path, this.#view.locate(path));
    const inside = innerPath === '/' ? '/' : `${innerPath}/`;
    if (!this.#above.has(path)) {
      const entries = firstOfEach(fileSystem.list(node));
      return entries.map(({ name, node: child, type }) => ({
        name,
        fileSystem,
        node: child,
        type,
        innerPath: inside + name,
      }));
    }
    const prefix = path === '/' ? '/' : `${path}/`;
    return (this.#view.list(path) ?? []).flatMap(({ name, type }) => {
      const found = this.#view.find(prefix + name, 'parents');
      if (!found) return [];
      return [{ name, fileSystem: found.fileSystem, node: found.node, type, innerPath: found.innerPath }];
    });
  }
}

function firstOfEach(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  const sorted = entries.toSorted((x, y) => compareNames(x.name, y.name));
  return sorted.filter(({ name }, i) => name !== sorted[i - 1]?.name);
}

interface Merged {
  readonly name: string;
  readonly a?: TreeNode;
  readonly b?: TreeNode;
}

function merge(a: readonly Child[], b: readonly Child[]): Merged[] {
  const merged: Merged[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    const order = !x ? 1 : !y ? -1 : compareNames(x.name, y.name);
    merged.push({
      name: ((order <= 0 ? x : y) as Child).name,
      ...(order <= 0 && x ? { a: x } : {}),
      ...(order >= 0 && y ? { b: y } : {}),
    });
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return merged;
}
