/**
 * Two roots file by file. Only what can differ is read: contents of one size, byte by byte up to the first that differs. What
 * cannot be read on a side is a gap; its siblings go on.
 */
import { asImageError, type ImageError } from '../../errors.ts';
import type { Stat } from '../../filesystems/file-system.ts';
import { nestedLabel } from '../../location.ts';
import { parseStorePath } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import { findDifference } from './compare-content.ts';
import { differInHashesOnly } from './compare-hashes.ts';
import { compareNodes, describeNode } from './compare-nodes.ts';
import { describeContent } from './describe-content.ts';
import { findMoved, type LooseFile } from './find-moved.ts';
import { openArchive } from './open-archive.ts';
import { type NodePair, type TreeNode, walkPairs } from './pair-walk.ts';
import {
  type ContentDifference,
  placeWithin,
  type TreeComparison,
  type TreeDifference,
  type TreeGap,
} from './tree-difference.ts';

/** Archives inside archives that are opened. */
const MAX_NESTING = 2;
const READABLE_BY_ALL = 0o004;

export async function compareTrees(a: RootView, b: RootView): Promise<TreeComparison> {
  const comparer = new TreeComparer(a, b, { depth: 0, isPrivate: false });
  await comparer.run();
  return comparer.result();
}

/** Where a tree lies: in how many archives, and whether one of them is not for everybody to read. */
interface Nesting {
  readonly depth: number;
  readonly isPrivate: boolean;
}

class TreeComparer {
  readonly #a: RootView;
  readonly #b: RootView;
  readonly #nesting: Nesting;
  #differences: TreeDifference[] = [];
  readonly #gaps: TreeGap[] = [];
  readonly #loose = { a: [] as LooseFile[], b: [] as LooseFile[] };
  #equal = 0;
  #touched = 0;

  constructor(a: RootView, b: RootView, nesting: Nesting) {
    this.#a = a;
    this.#b = b;
    this.#nesting = nesting;
  }

  async run(): Promise<void> {
    for (const pair of walkPairs(this.#a, this.#b)) {
      for (const { side, error } of pair.errors) this.#gap(side, error);
      try {
        await this.#compare(pair);
      } catch (thrown) {
        // Which side it was, its place tells.
        this.#gap(pair.a ? 'a' : 'b', asImageError(thrown));
      }
    }
    this.#joinMoved();
  }

  result(): TreeComparison {
    return { differences: this.#differences, gaps: this.#gaps, equal: this.#equal, touched: this.#touched };
  }

  async #compare(pair: NodePair): Promise<void> {
    const { path, otherPath, a, b } = pair;
    if (!a || !b) return this.#oneSided(pair);
    const [ours, theirs] = [a.fileSystem.stat(a.node), b.fileSystem.stat(b.node)];
    const named = otherPath === undefined ? [] : [{ name: 'path', a: path, b: otherPath }];
    const fields = [...named, ...compareNodes(a, b, ours, theirs)];
    const isFile = ours.type === 'file' && theirs.type === 'file';
    const content = isFile ? await this.#compareContent(path, a, b, ours, theirs) : undefined;
    if (ours.mtime.seconds !== theirs.mtime.seconds) this.#touched++;
    if (fields.length === 0 && !content) {
      this.#equal++;
      return;
    }
    this.#differences.push({
      path,
      type: theirs.type,
      state: 'changed',
      fields,
      ...(content ? { content, size: { a: ours.size, b: theirs.size } } : {}),
      at: { a: placeOf(a), b: placeOf(b) },
    });
  }

  #oneSided({ path, a, b }: NodePair): void {
    const node = (a ?? b) as TreeNode;
    const { fileSystem } = node;
    const stat = fileSystem.stat(node.node);
    const side = a ? 'a' : 'b';
    const difference: TreeDifference = {
      path,
      type: stat.type,
      state: a ? 'removed' : 'added',
      fields: [...describeNode(node, stat)].map(([name, value]) => ({ name, [side]: value })),
      size: { [side]: stat.size },
      at: { [side]: placeOf(node) },
    };
    this.#differences.push(difference);
    if (stat.type === 'file') this.#loose[side].push({ difference, size: stat.size, open: () => openNode(node), node });
  }

  /** Undefined if the contents are the same. */
  async #compareContent(
    path: string,
    a: TreeNode,
    b: TreeNode,
    ours: Stat,
    theirs: Stat,
  ): Promise<ContentDifference | undefined> {
    if (ours.size === 0 && theirs.size === 0) return undefined;
    const [left, right] = [openNode(a), openNode(b)];
    try {
      const offset = ours.size === theirs.size ? findDifference(left, right) : undefined;
      if (ours.size === theirs.size && offset === undefined) return undefined;
      const isPrivate = this.#nesting.isPrivate || (ours.mode & theirs.mode & READABLE_BY_ALL) === 0;
      const archive = await this.#compareArchives(path, a, b, isPrivate);
      if (archive) return archive;
      if (offset !== undefined && parseStorePath(path) && differInHashesOnly(left, right)) return { kind: 'hashes' };
      return isPrivate ? { kind: 'private' } : describeContent(left, right, offset);
    } finally {
      left.close();
      right.close();
    }
  }

  /** Opens both, one after the other, and lists what differs inside below `path!`. */
  async #compareArchives(
    path: string,
    a: TreeNode,
    b: TreeNode,
    isPrivate: boolean,
  ): Promise<ContentDifference | undefined> {
    const { depth } = this.#nesting;
    if (depth >= MAX_NESTING) return undefined;
    const ours = await openArchive(openNode(a), path, this.#a.limits);
    const theirs = ours && (await openArchive(openNode(b), path, this.#b.limits));
    try {
      if (!ours || !theirs) return undefined;
      const inside = new TreeComparer(ours.view, theirs.view, { depth: depth + 1, isPrivate });
      await inside.run();
      const { differences, gaps } = inside.result();
      this.#gaps.push(...gaps);
      const within = (inner: string): string => nestedLabel(path, ours.nameOf(inner));
      for (const one of differences) {
        const { a: inA, b: inB } = one.at;
        const at = { ...(inA ? { a: ours.placeOf(inA) } : {}), ...(inB ? { b: theirs.placeOf(inB) } : {}) };
        this.#differences.push({ ...placeWithin(one, within), at });
      }
      return { kind: 'archive', inside: differences.length };
    } finally {
      ours?.close();
      theirs?.close();
    }
  }

  #joinMoved(): void {
    try {
      const moves = findMoved(this.#loose.a, this.#loose.b);
      const gone = new Set([...moves.values()].map(({ difference }) => difference));
      const come = new Map([...moves].map(([to, from]) => [to.difference, moved(from, to)]));
      this.#differences = this.#differences.flatMap((one) => (gone.has(one) ? [] : [come.get(one) ?? one]));
    } catch (thrown) {
      this.#gap('b', asImageError(thrown));
    }
  }

  #gap(side: 'a' | 'b', { message, location }: ImageError): void {
    this.#gaps.push({ side, message, ...(location ? { at: location } : {}) });
  }
}

/** A file of one content in two places; what else differs is told with the move. */
function moved(from: LooseFile, to: LooseFile): TreeDifference {
  const [ours, theirs] = [from, to].map(({ node }) => node.fileSystem.stat(node.node)) as [Stat, Stat];
  return {
    ...to.difference,
    state: 'moved',
    from: from.difference.path,
    fields: compareNodes(from.node, to.node, ours, theirs),
    at: { ...from.difference.at, ...to.difference.at },
  };
}

function openNode({ fileSystem, node, innerPath }: TreeNode) {
  return fileSystem.open(node, `${fileSystem.label}:${innerPath}`);
}

function placeOf({ fileSystem, innerPath }: TreeNode) {
  return { source: fileSystem.label, path: innerPath };
}
