/** A btrfs tree: items by key, one after another. Each block is verified against the pointer that leads to it. */
import type { BtrfsImage } from './image.ts';
import { formatKey, type Key } from './key.ts';
import { childPlace, compareAt, itemData, keyAt, lastUpTo, readNode, type TreeNode } from './node.ts';
import type { TreeRoot } from './superblock.ts';

export interface Item {
  readonly key: Key;
  /** A view of the tree block, which is never written again. */
  readonly data: Uint8Array;
}

/** From the root to a leaf: which child was taken. */
type Path = { readonly node: TreeNode; index: number }[];

export class Tree {
  readonly #image: BtrfsImage;
  readonly #root: TreeRoot;

  constructor(image: BtrfsImage, root: TreeRoot) {
    this.#image = image;
    this.#root = root;
  }

  /** The item of exactly that key. Throws `corrupt`. */
  find(key: Key): Item | undefined {
    const last = this.findLast(key);
    return last && last.key.offset === key.offset && last.key.type === key.type && last.key.objectid === key.objectid
      ? last
      : undefined;
  }

  /** The item with the last key that is not behind `key`. Throws `corrupt`. */
  findLast(key: Key): Item | undefined {
    const leaf = this.#descend(key).at(-1);
    return leaf && leaf.index >= 0 ? this.#item(leaf.node, leaf.index) : undefined;
  }

  /** The items of one object and type in ascending order. Throws `corrupt`. */
  *itemsOf(objectid: number, type: number, from = 0): Generator<Item> {
    const start = { objectid, type, offset: from };
    const path = this.#descend(start);
    const leaf = path.at(-1);
    if (leaf && (leaf.index < 0 || compareAt(leaf.node, leaf.index, start) < 0)) this.#advance(path);
    for (let at = path.at(-1); at; at = path.at(-1)) {
      if (at.index >= at.node.count) return;
      if (at.node.objectids[at.index] !== objectid || at.node.types[at.index] !== type) return;
      yield this.#item(at.node, at.index);
      this.#advance(path);
    }
  }

  /** The way to the last key that is not behind `key`; the last index is -1 if all keys are. */
  #descend(key: Key): Path {
    let node = readNode(this.#image, this.#root);
    const path: Path = [];
    while (node.level > 0) {
      const index = Math.max(0, lastUpTo(node, key));
      path.push({ node, index });
      node = this.#child(node, index);
    }
    path.push({ node, index: lastUpTo(node, key) });
    return path;
  }

  /** To the next item: another leaf at the end of one; beyond the last one the index is its count. */
  #advance(path: Path): void {
    let depth = path.length - 1;
    for (let at = path[depth]; at; at = path[--depth]) {
      at.index++;
      if (at.index < at.node.count) break;
      if (depth === 0) {
        const leaf = path[path.length - 1];
        if (leaf) leaf.index = leaf.node.count;
        return;
      }
    }
    for (let at = path[depth]; at && at.node.level > 0; at = path[++depth]) {
      path[depth + 1] = { node: this.#child(at.node, at.index), index: 0 };
    }
  }

  #child(node: TreeNode, index: number): TreeNode {
    const key = keyAt(node, index);
    const child = readNode(this.#image, childPlace(node, index));
    if (child.count > 0 && compareAt(child, 0, key) === 0) return child;
    const message = `the tree block at address ${child.address} does not begin with ${formatKey(key)}`;
    throw this.#image.corrupt('bad-node', message);
  }

  #item(leaf: TreeNode, index: number): Item {
    return { key: keyAt(leaf, index), data: itemData(this.#image, leaf, index) };
  }
}
