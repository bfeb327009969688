/** Directories: entries by the order they were made in (DIR_INDEX), and by the hash of their names (DIR_ITEM). */
import { decodeBytes, encodeBytes } from '../../bytes/names.ts';
import { limitExceeded } from '../../limits.ts';
import type { DirectoryEntry, NodeId, NodeType } from '../file-system.ts';
import { type DirItem, hashName, parseDirItems } from './dir-items.ts';
import type { BtrfsImage } from './image.ts';
import { ITEM } from './key.ts';
import { LOST_SUBVOLUME, type Place, type Subvolumes } from './subvolumes.ts';

const TYPES: Readonly<Record<number, NodeType>> = {
  1: 'file',
  2: 'directory',
  3: 'character',
  4: 'block',
  5: 'fifo',
  6: 'socket',
  7: 'symlink',
};
const ENCRYPTED = 0x80;
const MAX_NAME = 255;

export class Directories {
  readonly #image: BtrfsImage;
  readonly #subvolumes: Subvolumes;
  /** The directory each directory was found in: none lies in two, and none in itself. */
  readonly #parents = new Map<NodeId, NodeId>();

  constructor(image: BtrfsImage, subvolumes: Subvolumes) {
    this.#image = image;
    this.#subvolumes = subvolumes;
  }

  /** All entries, in the order they were made in. Throws `corrupt` or `limit`. */
  list(place: Place): readonly DirectoryEntry[] {
    const { limits, source } = this.#image;
    const entries: DirectoryEntry[] = [];
    const names = new Set<string>();
    for (const item of place.subvolume.tree.itemsOf(place.number, ITEM.dirIndex)) {
      for (const dirItem of parseDirItems(this.#image, item)) {
        const entry = this.#entry(place, dirItem);
        if (names.has(entry.name)) throw this.#corrupt(place, `holds ${JSON.stringify(entry.name)} twice`);
        names.add(entry.name);
        entries.push(entry);
      }
      if (entries.length > limits.directoryEntries) {
        throw limitExceeded('directoryEntries', limits, `directory ${place.number}`, { source: source.label });
      }
    }
    return entries;
  }

  lookup(place: Place, name: string): NodeId | undefined {
    const bytes = encodeBytes(name);
    const key = { objectid: place.number, type: ITEM.dirItem, offset: hashName(bytes) };
    const item = place.subvolume.tree.find(key);
    const found = item && parseDirItems(this.#image, item).find((each) => Buffer.compare(each.name, bytes) === 0);
    return found && this.#entry(place, found).node;
  }

  #entry(place: Place, { name: bytes, type: number, location }: DirItem): DirectoryEntry {
    const name = decodeBytes(bytes);
    if (number & ENCRYPTED)
      throw this.#image.unsupported('encrypted', `the names in directory ${place.number} are encrypted`);
    const type = TYPES[number];
    if (!type || bytes.length > MAX_NAME)
      throw this.#corrupt(place, `has an entry that cannot be: ${JSON.stringify(name)}`);
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
      throw this.#corrupt(place, `has a name that none can have: ${JSON.stringify(name)}`);
    }
    const isSubvolume = location.type === ITEM.root;
    if (!isSubvolume && location.type !== ITEM.inode)
      throw this.#corrupt(place, `has ${JSON.stringify(name)} without an inode`);
    const node = isSubvolume
      ? this.#subvolumeNode(place, location.objectid)
      : this.#subvolumes.nodeOf(place.subvolume, location.objectid);
    const entry = { name, node, type };
    if (type === 'directory') this.#enter(place, entry);
    return entry;
  }

  /** Where a snapshot was made of a subvolume with others inside, the others are empty directories. */
  #subvolumeNode({ subvolume }: Place, id: number): NodeId {
    if (!this.#subvolumes.holds(subvolume.id, id)) return this.#subvolumes.nodeOf(subvolume, LOST_SUBVOLUME);
    const inner = this.#subvolumes.open(id);
    return this.#subvolumes.nodeOf(inner, inner.rootDirectory);
  }

  #enter(place: Place, { name, node }: DirectoryEntry): void {
    if (this.#subvolumes.placeOf(node).number === LOST_SUBVOLUME) return;
    const parent = this.#subvolumes.nodeOf(place.subvolume, place.number);
    const known = this.#parents.get(node);
    if (known === parent) return;
    if (known !== undefined)
      throw this.#corrupt(place, `holds ${JSON.stringify(name)}, a directory that lies in another one`);
    for (let at: NodeId | undefined = parent; at !== undefined; at = this.#parents.get(at)) {
      if (at === node) throw this.#corrupt(place, `holds ${JSON.stringify(name)}, a directory that it lies in itself`);
    }
    this.#parents.set(node, parent);
  }

  #corrupt({ number }: Place, what: string): Error {
    return this.#image.corrupt('bad-directory', `directory ${number} ${what}`);
  }
}
