/**
 * Directories (kernel docs, filesystems/erofs, "Directories"): blocks that hold entries and then their names, all in the order of
 * their bytes, so that a name in a long directory is found by halving.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { compareNames, decodeBytes } from '../../bytes/names.ts';
import { Struct, u8, u16le, u64le } from '../../bytes/struct.ts';
import { asImageError } from '../../errors.ts';
import { limitExceeded } from '../../limits.ts';
import type { DirectoryEntry, NodeId, NodeType } from '../file-system.ts';
import { RecentCache } from '../recent-cache.ts';
import { openContent } from './content.ts';
import type { ErofsImage } from './image.ts';
import { type Inode, readInode } from './inode.ts';

export const DIRENT = { nid: u64le(0), nameoff: u16le(8), file_type: u8(10) } as const;
const DIRENT_SIZE = 12;

const TYPES: Readonly<Record<number, NodeType>> = {
  1: 'file',
  2: 'directory',
  3: 'character',
  4: 'block',
  5: 'fifo',
  6: 'socket',
  7: 'symlink',
};

/** Entries in one generation of kept lists. */
const KEPT_ENTRIES = 16_384;
/** Directories of fewer blocks are read whole for the first name asked. */
const LARGE = 8;
const MAX_NAME = 255;

interface Listing {
  readonly entries: readonly DirectoryEntry[];
  readonly byName: ReadonlyMap<string, NodeId>;
}

export class Directories {
  readonly #image: ErofsImage;
  readonly #listings = new RecentCache<NodeId, Listing>(KEPT_ENTRIES);
  /** The directory each directory was found in: none lies in two. */
  readonly #parents = new Map<NodeId, NodeId>();

  constructor(image: ErofsImage) {
    this.#image = image;
  }

  /** All entries in the order of the disk, which is that of their bytes. Throws `corrupt` or `limit`. */
  list(directory: Inode): readonly DirectoryEntry[] {
    return this.#listing(directory).entries;
  }

  lookup(directory: Inode, name: string): NodeId | undefined {
    const kept = this.#listings.get(directory.nid);
    if (kept) return kept.byName.get(name);
    if (directory.size < LARGE * this.#image.superblock.blockSize) return this.#listing(directory).byName.get(name);
    return name === '.' || name === '..' ? undefined : this.#search(directory, name);
  }

  #listing(directory: Inode): Listing {
    const kept = this.#listings.get(directory.nid);
    if (kept) return kept;
    const listing = this.#read(directory);
    this.#listings.set(directory.nid, listing, listing.entries.length + 1);
    return listing;
  }

  #read(directory: Inode): Listing {
    const { limits, superblock, source } = this.#image;
    const content = openContent(this.#image, directory, source.label);
    const entries: DirectoryEntry[] = [];
    let previous: string | undefined;
    for (let block = 0; block * superblock.blockSize < content.size; block++) {
      for (const entry of this.#readBlock(directory, content, block)) {
        if (previous !== undefined && compareNames(previous, entry.name) >= 0) {
          throw this.#corrupt(directory, `has names out of order: ${JSON.stringify(entry.name)}`);
        }
        previous = entry.name;
        if (entry.name === '.' || entry.name === '..') continue;
        this.#enter(directory, entry);
        entries.push(entry);
      }
      if (entries.length > limits.directoryEntries) {
        throw limitExceeded('directoryEntries', limits, `directory ${directory.nid}`, { source: source.label });
      }
    }
    return { entries, byName: new Map(entries.map(({ name, node }) => [name, node])) };
  }

  /** Finds the block that may hold `name` by halving, then looks into it. */
  #search(directory: Inode, name: string): NodeId | undefined {
    const content = openContent(this.#image, directory, this.#image.source.label);
    let low = 0;
    let high = Math.ceil(content.size / this.#image.superblock.blockSize) - 1;
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const entries = this.#readBlock(directory, content, middle);
      const [first, last] = [entries[0], entries[entries.length - 1]];
      if (first && compareNames(name, first.name) < 0) high = middle - 1;
      else if (last && compareNames(name, last.name) > 0) low = middle + 1;
      else {
        const found = entries.find((entry) => entry.name === name);
        if (found) this.#enter(directory, found);
        return found?.node;
      }
    }
    return undefined;
  }

  /** The entries of one block, `.` and `..` included. */
  #readBlock(directory: Inode, content: ByteSource, block: number): DirectoryEntry[] {
    const { blockSize } = this.#image.superblock;
    const start = block * blockSize;
    const length = Math.min(blockSize, content.size - start);
    // A copy: the types of some entries are read from their inodes.
    const bytes = Uint8Array.from(content.read(start, length));
    const s = new Struct(bytes);
    const namesAt = length < DIRENT_SIZE ? 0 : s.get(DIRENT.nameoff);
    if (namesAt === 0 || namesAt % DIRENT_SIZE !== 0 || namesAt > length) {
      throw this.#corrupt(directory, `has a block ${block} that is none of a directory`);
    }
    const entries: DirectoryEntry[] = [];
    for (let at = 0; at < namesAt; at += DIRENT_SIZE) {
      const entry = s.at(at);
      const from = entry.get(DIRENT.nameoff);
      const isLast = at + DIRENT_SIZE === namesAt;
      const to = isLast ? endOfText(bytes, from) : entry.at(at + DIRENT_SIZE).get(DIRENT.nameoff);
      if (from < namesAt || to > length || to <= from || to - from > MAX_NAME) {
        throw this.#corrupt(directory, `has a name that cannot be: bytes ${from} to ${to} of block ${block}`);
      }
      const name = decodeBytes(bytes.subarray(from, to));
      if (name.includes('/') || name.includes('\0')) {
        throw this.#corrupt(directory, `has a name that none can have: ${JSON.stringify(name)}`);
      }
      const node = entry.get(DIRENT.nid);
      entries.push({ name, node, type: TYPES[entry.get(DIRENT.file_type)] ?? this.#typeOf(node) });
    }
    return entries;
  }

  /** For entries without a type. A damaged inode is not the directory's fault: whoever asks for it will hear of it. */
  #typeOf(node: NodeId): NodeType {
    try {
      return readInode(this.#image, node).type;
    } catch (error) {
      asImageError(error);
      return 'file';
    }
  }

  #enter(directory: Inode, { name, node, type }: DirectoryEntry): void {
    if (type !== 'directory') return;
    const parent = this.#parents.get(node);
    if (parent === undefined && node !== this.#image.superblock.rootNid) this.#parents.set(node, directory.nid);
    else if (parent !== directory.nid) {
      throw this.#corrupt(directory, `holds ${JSON.stringify(name)}, a directory that lies in another one`);
    }
  }

  #corrupt(directory: Inode, what: string): Error {
    return this.#image.corrupt('bad-directory', `directory ${directory.nid} ${what}`, directory.offset);
  }
}

function endOfText(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(0, from);
  return end < 0 ? bytes.length : end;
}
