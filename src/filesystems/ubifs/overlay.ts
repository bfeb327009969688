/** The index with the changes of the journal on top of it: which node counts for a key now. */
import { Struct, u32le, u64le } from '../../bytes/struct.ts';
import { parseEntry } from './entry.ts';
import type { UbifsImage } from './image.ts';
import type { IndexTree } from './index-tree.ts';
import { INODE } from './inode.ts';
import { KEY_TYPE, keyType, keyValue, MAX_KEY_VALUE, makeKey, readKey } from './key.ts';
import { NODE, readNode, type UbifsNode, viewNode } from './node.ts';

/** Where the key of an inode, a data node or an entry lies. */
const KEY_AT = 24;
export const TRUNCATION = { inum: u32le(24), new_size: u64le(48) } as const;
const TRUNCATION_SIZE = 56;
const BLOCK_SIZE = 4096;

/** What the journal says of one inode. */
interface InodeChanges {
  inode?: UbifsNode;
  isDeleted: boolean;
  /** Blocks from this one on are not those of the index. */
  cut: number;
  readonly blocks: Map<number, UbifsNode>;
  /** By kind of entry, hash and name; also those that say that a name is gone. */
  readonly entries: Map<string, UbifsNode>;
}

export class Overlay {
  readonly #image: UbifsImage;
  readonly #index: IndexTree;
  readonly #changes = new Map<number, InodeChanges>();

  constructor(image: UbifsImage, index: IndexTree, journal: readonly UbifsNode[]) {
    this.#image = image;
    this.#index = index;
    for (const node of journal) this.#apply(node);
  }

  /** The inode node, undefined if there is none. Throws `corrupt`. */
  findInode(number: number): UbifsNode | undefined {
    const changes = this.#changes.get(number);
    if (changes?.isDeleted) return undefined;
    if (changes?.inode) return changes.inode;
    const branch = this.#index.find(makeKey(number, KEY_TYPE.inode));
    return branch && readNode(this.#image, branch.place, NODE.inode);
  }

  /** The data node of a block, a view valid until the next read; undefined for a hole. Throws `corrupt`. */
  findBlock(number: number, block: number): UbifsNode | undefined {
    const changes = this.#changes.get(number);
    const changed = changes?.blocks.get(block);
    if (changed || (changes && block >= changes.cut)) return changed;
    const branch = this.#index.find(makeKey(number, KEY_TYPE.data, block));
    return branch && viewNode(this.#image, branch.place, NODE.data);
  }

  /** The number of the first block from `block` on that is no hole. Throws `corrupt`. */
  nextBlock(number: number, block: number): number {
    const changes = this.#changes.get(number);
    let next = Number.POSITIVE_INFINITY;
    for (const changed of changes?.blocks.keys() ?? []) if (changed >= block) next = Math.min(next, changed);
    const last = makeKey(number, KEY_TYPE.data, MAX_KEY_VALUE);
    for (const { key } of this.#index.range(makeKey(number, KEY_TYPE.data, Math.min(block, MAX_KEY_VALUE)), last)) {
      if (keyValue(key) < (changes?.cut ?? Number.POSITIVE_INFINITY)) next = Math.min(next, keyValue(key));
      break;
    }
    return next;
  }

  /** Entry nodes of a directory, or of the attributes of a file: all of them, or those whose names have that hash. */
  *entries(number: number, type: number, hash?: number): Generator<UbifsNode> {
    const changed = this.#changes.get(number)?.entries;
    const range = [makeKey(number, type, hash ?? 0), makeKey(number, type, hash ?? MAX_KEY_VALUE)] as const;
    const kind = type === KEY_TYPE.entry ? NODE.entry : NODE.xattrEntry;
    for (const { place } of this.#index.range(...range)) {
      const node = readNode(this.#image, place, kind);
      if (!changed?.has(this.#entryName(node))) yield node;
    }
    for (const node of changed?.values() ?? []) {
      const key = readKey(node.bytes, KEY_AT);
      if (keyType(key) !== type || (hash !== undefined && keyValue(key) !== hash)) continue;
      if (parseEntry(this.#image, node).inode !== 0) yield node;
    }
  }

  #apply(node: UbifsNode): void {
    const s = new Struct(node.bytes);
    if (node.type === NODE.truncation) {
      if (node.bytes.length < TRUNCATION_SIZE) throw this.#bad(node);
      this.#truncate(s.get(TRUNCATION.inum), s.get(TRUNCATION.new_size));
      return;
    }
    if (node.bytes.length < KEY_AT + 16) throw this.#bad(node);
    const key = readKey(node.bytes, KEY_AT);
    const changes = this.#of(key.inode);
    if (node.type === NODE.inode) {
      changes.inode = node;
      changes.isDeleted = s.get(INODE.nlink) === 0;
    } else if (node.type === NODE.data) changes.blocks.set(keyValue(key), node);
    else changes.entries.set(this.#entryName(node), node);
  }

  #truncate(number: number, size: number): void {
    const changes = this.#of(number);
    const cut = Math.ceil(size / BLOCK_SIZE);
    changes.cut = Math.min(changes.cut, cut);
    for (const block of changes.blocks.keys()) if (block >= cut) changes.blocks.delete(block);
  }

  #of(number: number): InodeChanges {
    const known = this.#changes.get(number);
    if (known) return known;
    const changes = { isDeleted: false, cut: Number.POSITIVE_INFINITY, blocks: new Map(), entries: new Map() };
    this.#changes.set(number, changes);
    return changes;
  }

  #entryName(node: UbifsNode): string {
    const { name } = parseEntry(this.#image, node);
    return `${node.type} ${Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1')}`;
  }

  #bad({ place }: UbifsNode): Error {
    return this.#image.corrupt('bad-node', `the node at LEB ${place.leb}:${place.offset} is cut off`, place);
  }
}
