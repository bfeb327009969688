/** Directories: entries in the order of the hashes of their names. */
import { decodeBytes, encodeBytes } from '../../bytes/names.ts';
import { limitExceeded } from '../../limits.ts';
import type { DirectoryEntry, NodeId, NodeType } from '../file-system.ts';
import { type Entry, parseEntry } from './entry.ts';
import type { UbifsImage } from './image.ts';
import type { Inode } from './inode.ts';
import { hashName, KEY_TYPE } from './key.ts';
import type { Overlay } from './overlay.ts';

const TYPES: Readonly<Record<number, NodeType>> = {
  0: 'file',
  1: 'directory',
  2: 'symlink',
  3: 'block',
  4: 'character',
  5: 'fifo',
  6: 'socket',
};
const MAX_NAME = 255;

export class Directories {
  readonly #image: UbifsImage;
  readonly #overlay: Overlay;
  readonly #keyHash: number;
  readonly #root: NodeId;
  /** The directory each directory was found in: none lies in two. */
  readonly #parents = new Map<NodeId, NodeId>();

  constructor(image: UbifsImage, overlay: Overlay, keyHash: number, root: NodeId) {
    this.#image = image;
    this.#overlay = overlay;
    this.#keyHash = keyHash;
    this.#root = root;
  }

  /** Throws `corrupt`, `limit`, or `unsupported` if the names are encrypted. */
  list(directory: Inode): readonly DirectoryEntry[] {
    this.#refuseEncrypted(directory);
    const { limits, source } = this.#image;
    const entries: DirectoryEntry[] = [];
    const names = new Set<string>();
    for (const node of this.#overlay.entries(directory.number, KEY_TYPE.entry)) {
      const entry = this.#entry(directory, parseEntry(this.#image, node));
      if (names.has(entry.name)) throw this.#corrupt(directory, `holds ${JSON.stringify(entry.name)} twice`);
      names.add(entry.name);
      entries.push(entry);
      if (entries.length > limits.directoryEntries) {
        throw limitExceeded('directoryEntries', limits, `directory ${directory.number}`, { source: source.label });
      }
    }
    return entries;
  }

  lookup(directory: Inode, name: string): NodeId | undefined {
    this.#refuseEncrypted(directory);
    const bytes = encodeBytes(name);
    const hash = hashName(this.#keyHash, bytes);
    for (const node of this.#overlay.entries(directory.number, KEY_TYPE.entry, hash)) {
      const entry = parseEntry(this.#image, node);
      if (Buffer.compare(entry.name, bytes) === 0) return this.#entry(directory, entry).node;
    }
    return undefined;
  }

  #entry(directory: Inode, { name: bytes, type: number, inode }: Entry): DirectoryEntry {
    const name = decodeBytes(bytes);
    const type = TYPES[number];
    if (!type || bytes.length > MAX_NAME || inode === 0) {
      throw this.#corrupt(directory, `has an entry that cannot be: ${JSON.stringify(name)}`);
    }
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
      throw this.#corrupt(directory, `has a name that none can have: ${JSON.stringify(name)}`);
    }
    if (type === 'directory') this.#enter(directory, name, inode);
    return { name, node: inode, type };
  }

  #enter(directory: Inode, name: string, inode: number): void {
    const parent = this.#parents.get(inode);
    if (parent === undefined && inode !== this.#root) this.#parents.set(inode, directory.number);
    else if (parent !== directory.number) {
      throw this.#corrupt(directory, `holds ${JSON.stringify(name)}, a directory that lies in another one`);
    }
  }

  #refuseEncrypted({ number, isEncrypted }: Inode): void {
    if (isEncrypted) throw this.#image.unsupported('encrypted', `the names in directory ${number} are encrypted`);
  }

  #corrupt({ number, offset }: Inode, what: string): Error {
    return this.#image.corrupt('bad-directory', `directory ${number} ${what}`, { leb: 0, offset });
  }
}
