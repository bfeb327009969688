/**
 * Subvolumes: trees of their own that hang in each other's directories (kernel, btrfs_tree.h: btrfs_root_item). A node number
 * is the inode number and, above it, the place of the subvolume in the order they were met: the mounted one is 0.
 */
import { Struct, u8, u64le } from '../../bytes/struct.ts';
import type { NodeId } from '../file-system.ts';
import { hashName, parseDirItems } from './dir-items.ts';
import type { BtrfsImage } from './image.ts';
import { ITEM, MAX_KEY_NUMBER } from './key.ts';
import { Tree } from './tree.ts';

export const ROOT_ITEM = {
  generation: u64le(160),
  root_dirid: u64le(168),
  bytenr: u64le(176),
  level: u8(238),
} as const;
const ROOT_ITEM_SIZE = 239;

/** Trees with fixed numbers. */
export const TREE = { topLevel: 5, checksums: 7 } as const;
/** The directory of the root tree, whose only entry names the subvolume that is mounted by default. */
const ROOT_DIRECTORY = 6;

const INODE_SPACE = 2 ** 40;
const MAX_SUBVOLUMES = 2 ** 13;
/** The number of the empty directory that stands where a snapshot has lost a subvolume inside it. */
export const LOST_SUBVOLUME = 2;

export interface Subvolume {
  readonly id: number;
  readonly index: number;
  readonly tree: Tree;
  /** Inode number of its top directory. */
  readonly rootDirectory: number;
}

export interface Place {
  readonly subvolume: Subvolume;
  readonly number: number;
}

export class Subvolumes {
  readonly #image: BtrfsImage;
  readonly #rootTree: Tree;
  /** Ids by index, and the reverse. */
  readonly #ids: number[] = [];
  readonly #indexes = new Map<number, number>();
  readonly #opened = new Map<number, Subvolume>();

  constructor(image: BtrfsImage, rootTree: Tree) {
    this.#image = image;
    this.#rootTree = rootTree;
  }

  /** The id of the subvolume that is mounted unless another is named. Throws `corrupt`. */
  readDefault(): number {
    const name = Buffer.from('default');
    const key = { objectid: ROOT_DIRECTORY, type: ITEM.dirItem, offset: hashName(name) };
    const item = this.#rootTree.find(key);
    const entry = item && parseDirItems(this.#image, item).find((each) => name.equals(each.name));
    return entry?.location.objectid ?? TREE.topLevel;
  }

  /** The tree with that id, undefined if there is none. Throws `corrupt`. */
  openTree(id: number): { readonly tree: Tree; readonly rootDirectory: number } | undefined {
    const item = this.#rootTree.findLast({ objectid: id, type: ITEM.root, offset: MAX_KEY_NUMBER });
    if (!item || item.key.objectid !== id || item.key.type !== ITEM.root) return undefined;
    if (item.data.length < ROOT_ITEM_SIZE) throw this.#image.corrupt('bad-root', `the root of tree ${id} is cut off`);
    const s = new Struct(item.data);
    const root = {
      address: s.get(ROOT_ITEM.bytenr),
      level: s.get(ROOT_ITEM.level),
      generation: s.get(ROOT_ITEM.generation),
    };
    return { tree: new Tree(this.#image, root), rootDirectory: s.get(ROOT_ITEM.root_dirid) };
  }

  /** Throws `corrupt` if there is no such subvolume. */
  open(id: number): Subvolume {
    const index = this.#indexOf(id);
    const kept = this.#opened.get(index);
    if (kept) return kept;
    const opened = this.openTree(id);
    if (!opened) throw this.#image.corrupt('no-subvolume', `there is no subvolume ${id}`);
    const subvolume = { id, index, ...opened };
    this.#opened.set(index, subvolume);
    return subvolume;
  }

  /** Whether subvolume `child` hangs in `parent` itself, not in what that was a snapshot of. */
  holds(parent: number, child: number): boolean {
    return this.#rootTree.find({ objectid: parent, type: ITEM.rootRef, offset: child }) !== undefined;
  }

  nodeOf({ index }: Subvolume, number: number): NodeId {
    if (number >= INODE_SPACE) throw this.#image.unsupported('large-inode', `inode number ${number} is not read`);
    return index * INODE_SPACE + number;
  }

  /** The reverse of `nodeOf`. Throws `corrupt` for a number that was never handed out. */
  placeOf(node: NodeId): Place {
    const index = Math.floor(node / INODE_SPACE);
    const id = this.#ids[index];
    if (id === undefined || !Number.isSafeInteger(node))
      throw this.#image.corrupt('no-inode', `there is no node ${node}`);
    return { subvolume: this.open(id), number: node % INODE_SPACE };
  }

  #indexOf(id: number): number {
    const known = this.#indexes.get(id);
    if (known !== undefined) return known;
    const index = this.#ids.length;
    if (index >= MAX_SUBVOLUMES)
      throw this.#image.unsupported('subvolumes', `more than ${MAX_SUBVOLUMES} subvolumes are not read`);
    this.#ids.push(id);
    this.#indexes.set(id, index);
    return index;
  }
}
