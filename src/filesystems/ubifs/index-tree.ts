/**
 * The index (kernel, ubifs-media.h: ubifs_idx_node): a B+ tree whose leaves are the nodes of files themselves. Several entries may
 * have one key, when the hashes of their names are the same.
 */
import { partitionPoint } from '../../bytes/partition-point.ts';
import { Struct, u16le, u32le } from '../../bytes/struct.ts';
import { RecentCache } from '../recent-cache.ts';
import type { UbifsImage } from './image.ts';
import { compareKeys, type Key, readKey } from './key.ts';
import { NODE, type NodePlace, viewNode } from './node.ts';

export const INDEX_NODE = { child_cnt: u16le(24), level: u16le(26) } as const;
const BRANCHES_AT = 28;
export const BRANCH = { lnum: u32le(0), offs: u32le(4), len: u32le(8) } as const;
const KEY_AT = 12;
const BRANCH_SIZE = 20;
const MAX_LEVEL = 64;
/** The share of `Limits.cacheBytes` that one generation of index nodes may take, and the weight of a branch. */
const CACHE_SHARE = 1 / 8;
const BRANCH_WEIGHT = 100;

export interface Branch {
  readonly key: Key;
  readonly place: NodePlace;
}

interface IndexNode {
  readonly level: number;
  readonly branches: readonly Branch[];
}

export class IndexTree {
  readonly #image: UbifsImage;
  readonly #root: NodePlace;
  readonly #nodes: RecentCache<number, IndexNode>;
  /** The leaf that was looked into last: the blocks of a file lie side by side. */
  #latest: IndexNode = { level: 0, branches: [] };
  /** More nodes than this do not fit into the image: who meets them goes in circles. */
  readonly #mostNodes: number;

  constructor(image: UbifsImage, root: NodePlace) {
    this.#image = image;
    this.#root = root;
    this.#nodes = new RecentCache((image.limits.cacheBytes * CACHE_SHARE) / BRANCH_WEIGHT);
    this.#mostNodes = image.source.size / BRANCHES_AT;
  }

  /** The first branch with that key. Throws `corrupt`. */
  find(key: Key): Branch | undefined {
    const { branches } = this.#latest;
    const [first, last] = [branches[0], branches[branches.length - 1]];
    if (first && last && compareKeys(first.key, key) < 0 && compareKeys(last.key, key) >= 0) {
      const next = branches[startOf(this.#latest, key) + 1];
      return next && compareKeys(next.key, key) === 0 ? next : undefined;
    }
    for (const branch of this.range(key, key)) return branch;
    return undefined;
  }

  /** The branches with keys from `first` to `last`, in ascending order. Throws `corrupt`. */
  *range(first: Key, last: Key): Generator<Branch> {
    const root = this.#read(this.#root, undefined);
    const path = [{ node: root, index: startOf(root, first) }];
    let nodes = 0;
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const branch = at.node.branches[at.index++];
      if (!branch) {
        path.pop();
        continue;
      }
      if (compareKeys(branch.key, last) > 0) return;
      if (at.node.level === 0) {
        if (compareKeys(branch.key, first) >= 0) yield branch;
        continue;
      }
      if (++nodes > this.#mostNodes) throw this.#image.corrupt('bad-index', 'the index leads in circles');
      const child = this.#read(branch.place, at.node.level - 1);
      if (child.level === 0) this.#latest = child;
      path.push({ node: child, index: startOf(child, first) });
    }
  }

  #read(place: NodePlace, level: number | undefined): IndexNode {
    const address = place.leb * this.#image.lebSize + place.offset;
    const node = this.#nodes.get(address) ?? this.#parse(place);
    if (level === undefined ? node.level > MAX_LEVEL : node.level !== level) {
      throw this.#image.corrupt(
        'bad-index',
        `the index node at LEB ${place.leb}:${place.offset} is of level ${node.level}`,
        place,
      );
    }
    this.#nodes.set(address, node, node.branches.length);
    return node;
  }

  #parse(place: NodePlace): IndexNode {
    const { bytes } = viewNode(this.#image, place, NODE.index);
    const s = new Struct(bytes);
    const count = s.get(INDEX_NODE.child_cnt);
    const bad = (what: string): Error =>
      this.#image.corrupt('bad-index', `the index node at LEB ${place.leb}:${place.offset} ${what}`, place);
    if (BRANCHES_AT + count * BRANCH_SIZE > bytes.length) throw bad(`has ${count} branches`);
    const branches: Branch[] = [];
    for (let i = 0; i < count; i++) {
      const branch = s.at(BRANCHES_AT + i * BRANCH_SIZE);
      const inner = { leb: branch.get(BRANCH.lnum), offset: branch.get(BRANCH.offs), length: branch.get(BRANCH.len) };
      const key = readKey(bytes, branch.base + KEY_AT);
      const before = branches[i - 1];
      if (before && compareKeys(before.key, key) > 0) throw bad('has keys out of order');
      branches.push({ key, place: inner });
    }
    return { level: s.get(INDEX_NODE.level), branches };
  }
}

/** Index of the last branch before `key`, below which the first one with `key` may lie; 0 if there is none. */
function startOf({ branches }: IndexNode, key: Key): number {
  const isBefore = (i: number): boolean => {
    const branch = branches[i];
    return branch !== undefined && compareKeys(branch.key, key) < 0;
  };
  return Math.max(0, partitionPoint(branches.length, isBefore) - 1);
}
