/**
 * Directories: whole lists, and single names. A list is read block by block, each verified, and kept for a while; a name in a
 * large directory that is not kept is found through its hash tree.
 */
import { peekAt } from '../../bytes/byte-source.ts';
import { encodeBytes } from '../../bytes/names.ts';
import { asImageError } from '../../errors.ts';
import { limitExceeded } from '../../limits.ts';
import type { DirectoryEntry, NodeId, NodeType } from '../file-system.ts';
import { RecentCache } from '../recent-cache.ts';
import type { BlockReader } from './block-reader.ts';
import { inodeSeed } from './checksums.ts';
import { openContent, refuseEncrypted } from './content.ts';
import { isHashNode, isSoundHashNode, isSoundLinearBlock } from './directory-checksums.ts';
import { type EntryContext, parseEntries } from './directory-entries.ts';
import { findHashLeaves } from './hash-tree.ts';
import { readInlineEntries } from './inline-data.ts';
import type { Inode } from './inode.ts';
import type { InodeTable } from './inode-table.ts';
import { hasCompat } from './superblock.ts';

/** Entries in one generation of kept lists. */
const KEPT_ENTRIES = 8192;
/** Directories of fewer blocks are read whole for the first name asked. */
const LARGE = 8;
const COUNTED_DIRECTORIES = 256;
/** Names that are compared each with each. */
const FEW = 12;

interface Listing {
  readonly entries: readonly DirectoryEntry[];
  /** Made for the first lookup: who only walks has no use for it. */
  byName?: ReadonlyMap<string, NodeId>;
}

export class Directories {
  readonly #blocks: BlockReader;
  readonly #inodes: InodeTable;
  readonly #listings = new RecentCache<NodeId, Listing>(KEPT_ENTRIES);

  /** Names looked up by their hash, per large directory. */
  readonly #askedByHash = new RecentCache<NodeId, number>(COUNTED_DIRECTORIES);

  constructor(blocks: BlockReader, inodes: InodeTable) {
    this.#blocks = blocks;
    this.#inodes = inodes;
  }

  /** All entries in the order of the disk. Throws `corrupt`, or `unsupported` if the names are encrypted. */
  list(directory: Inode): readonly DirectoryEntry[] {
    return this.#listing(directory).entries;
  }

  /** The node of a name in directory `number`; its inode is asked for only if the list was not kept. */
  lookup(number: NodeId, name: string, readInode: () => Inode): NodeId | undefined {
    const kept = this.#listings.get(number);
    if (kept) return findByName(kept, name);
    const directory = readInode();
    const { blockSize, superblock } = this.#blocks;
    const isIndexed = directory.has('INDEX') && hasCompat(superblock, 'dir_index') && !directory.has('INLINE_DATA');
    const isPlain = !directory.has('CASEFOLD') && !directory.has('ENCRYPT');
    const blockCount = directory.size / blockSize;
    if (isIndexed && isPlain && blockCount >= LARGE && this.#isCheapByHash(directory.number, blockCount)) {
      const found = this.#lookupByHash(directory, name);
      if (found !== 'unusable') return found;
    }
    return findByName(this.#listing(directory), name);
  }

  #listing(directory: Inode): Listing {
    const kept = this.#listings.get(directory.number);
    if (kept) return kept;
    refuseEncrypted(this.#blocks, directory);
    const read = directory.has('INLINE_DATA') ? this.#readInline(directory) : this.#readBlocks(directory);
    const listing: Listing = { entries: this.#withoutDuplicates(directory, read) };
    this.#listings.set(directory.number, listing, listing.entries.length + 1);
    return listing;
  }

  /** The first of two entries with one name is the one the kernel finds; a later one is dropped and said. */
  #withoutDuplicates(directory: Inode, read: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
    if (!hasDuplicates(read)) return read;
    const seen = new Set(read.map(({ name }) => name));
    this.#blocks.diagnostics.push({
      level: 'damage',
      code: 'ext4/duplicate-name',
      message: `directory ${directory.number} has a name twice; the later entry is ignored`,
      location: { source: this.#blocks.source.label, offset: directory.offset },
    });
    return read.filter(({ name }) => seen.delete(name));
  }

  #readInline(directory: Inode): DirectoryEntry[] {
    const entries: DirectoryEntry[] = [];
    const context = this.#context(directory, directory.offset);
    for (const area of readInlineEntries(this.#blocks, directory)) parseEntries(area, false, context, entries);
    return entries;
  }

  #readBlocks(directory: Inode): DirectoryEntry[] {
    const { limits } = this.#blocks;
    const entries: DirectoryEntry[] = [];
    const read = this.#blockReader(directory);
    const count = this.#blockCount(directory);
    const context = this.#context(directory, undefined);
    for (let logical = 0; logical < count; logical++) {
      parseEntries(read(logical), logical === 0, context, entries);
      if (entries.length > limits.directoryEntries) {
        const what = `directory ${directory.number}`;
        throw limitExceeded('directoryEntries', limits, what, { source: this.#blocks.source.label });
      }
    }
    return entries;
  }

  /** A name found by its hash costs about three blocks: after so many names the whole list would have been as cheap. */
  #isCheapByHash(directory: NodeId, blockCount: number): boolean {
    const asked = (this.#askedByHash.get(directory) ?? 0) + 1;
    this.#askedByHash.set(directory, asked);
    return asked * 3 <= blockCount;
  }

  #lookupByHash(directory: Inode, name: string): NodeId | undefined | 'unusable' {
    const bytes = encodeBytes(name);
    if (bytes.length === 0 || bytes.length > 255) return undefined;
    const read = this.#blockReader(directory);
    const leaves = findHashLeaves(bytes, this.#blocks.superblock, this.#blockCount(directory), read);
    if (!leaves) return 'unusable';
    for (const leaf of leaves) {
      const entries: DirectoryEntry[] = [];
      parseEntries(read(leaf), false, this.#context(directory, undefined), entries);
      const found = entries.find((entry) => entry.name === name);
      if (found) return found.node;
    }
    return undefined;
  }

  #blockCount(directory: Inode): number {
    const { blockSize, superblock } = this.#blocks;
    const count = directory.size / blockSize;
    if (!Number.isInteger(count) || count === 0 || count > superblock.blocksCount) {
      throw this.#corrupt(directory, `has a size of ${directory.size} bytes`, directory.offset);
    }
    return count;
  }

  /** Reads verified blocks of a directory; a hole is damage, for it may have held names. */
  #blockReader(directory: Inode): (logical: number) => Uint8Array {
    const { blockSize, superblock, source } = this.#blocks;
    const content = openContent(this.#blocks, directory, source.label);
    const isIndexed = directory.has('INDEX') && hasCompat(superblock, 'dir_index');
    const seed = superblock.checksumSeed;
    const own = seed === undefined ? 0 : inodeSeed(seed, directory.number, directory.generation);
    return (logical) => {
      const block = peekAt(content, logical * blockSize, blockSize);
      if (seed === undefined) return block;
      const isSound =
        isIndexed && isHashNode(block, logical) ? isSoundHashNode(block, logical, own) : isSoundLinearBlock(block, own);
      if (!isSound) throw this.#corrupt(directory, `has a wrong checksum in its block ${logical}`);
      return block;
    };
  }

  #context(directory: Inode, start: number | undefined): EntryContext {
    return {
      superblock: this.#blocks.superblock,
      typeOf: (inode) => this.#typeOf(inode),
      corrupt: (what, at) => this.#corrupt(directory, `: ${what} (at byte ${at})`, start),
    };
  }

  /** For entries without a type. A damaged inode is not the directory's fault: whoever asks for it will hear of it. */
  #typeOf(inode: number): NodeType {
    try {
      return this.#inodes.get(inode).type;
    } catch (error) {
      asImageError(error);
      return 'file';
    }
  }

  #corrupt(directory: Inode, what: string, offset?: number): Error {
    return this.#blocks.corrupt('bad-directory', `directory ${directory.number} ${what}`, offset);
  }
}

/** Most directories have a few names, which compare in less time than a set is made. */
function hasDuplicates(entries: readonly DirectoryEntry[]): boolean {
  if (entries.length > FEW) return new Set(entries.map(({ name }) => name)).size < entries.length;
  for (let i = 1; i < entries.length; i++) {
    const { name } = entries[i] as DirectoryEntry;
    for (let j = 0; j < i; j++) if (entries[j]?.name === name) return true;
  }
  return false;
}

function findByName(listing: Listing, name: string): NodeId | undefined {
  listing.byName ??= new Map(listing.entries.map((entry) => [entry.name, entry.node]));
  return listing.byName.get(name);
}
