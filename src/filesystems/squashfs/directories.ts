/**
 * Directories: whole listings, kept while they are in use, and single names of long ones through their index, which holds the
 * first name of each metadata block of the listing (kernel docs, filesystems/squashfs, "Directories").
 */
import { compareNames, decodeBytes } from '../../bytes/names.ts';
import { u32le } from '../../bytes/struct.ts';
import { limitExceeded } from '../../limits.ts';
import type { DirectoryEntry, NodeId } from '../file-system.ts';
import { RecentCache } from '../recent-cache.ts';
import { EntryReader } from './directory-entries.ts';
import type { DirectoryInode } from './inode.ts';
import { METADATA_SIZE, type MetadataReader } from './metadata.ts';

export const INDEX = { index: u32le(0), start_block: u32le(4), size: u32le(8) } as const;
const INDEX_SIZE = 12;
const MAX_NAME = 256;

/** What the size of a directory counts for `.` and `..`, which are not in its listing. */
const DOTS = 3;
/** Entries in one generation of kept lists. */
const KEPT_ENTRIES = 16_384;

interface Listing {
  readonly entries: readonly DirectoryEntry[];
  readonly byName: ReadonlyMap<string, NodeId>;
}

export class Directories {
  readonly #metadata: MetadataReader;
  readonly #listings = new RecentCache<NodeId, Listing>(KEPT_ENTRIES);
  /** The directory each directory was found in: none lies in two. */
  readonly #parents = new Map<NodeId, NodeId>();

  constructor(metadata: MetadataReader) {
    this.#metadata = metadata;
  }

  /** All entries in the order of the disk, which is that of their bytes. Throws `corrupt` or `limit`. */
  list(directory: DirectoryInode): readonly DirectoryEntry[] {
    return this.#listing(directory).entries;
  }

  lookup(directory: DirectoryInode, name: string): NodeId | undefined {
    const kept = this.#listings.get(directory.head.reference);
    if (kept) return kept.byName.get(name);
    if (directory.indexes.count > 0) return this.#lookupByIndex(directory, name);
    return this.#listing(directory).byName.get(name);
  }

  #listing(directory: DirectoryInode): Listing {
    const kept = this.#listings.get(directory.head.reference);
    if (kept) return kept;
    const listing = this.#read(directory);
    this.#listings.set(directory.head.reference, listing, listing.entries.length + 1);
    return listing;
  }

  /** The first of two entries with one name counts, as for the kernel; a later one is dropped and said. */
  #read(directory: DirectoryInode): Listing {
    const { image } = this.#metadata;
    const entries: DirectoryEntry[] = [];
    const byName = new Map<string, NodeId>();
    const reader = this.#reader(directory, directory.start, 0);
    for (let entry = reader?.next(); entry; entry = reader?.next()) {
      this.#enter(directory, entry);
      if (byName.has(entry.name)) this.#reportDuplicate(directory);
      else {
        byName.set(entry.name, entry.node);
        entries.push(entry);
      }
      if (entries.length > image.limits.directoryEntries) {
        const location = { source: image.source.label, offset: directory.head.offset };
        throw limitExceeded('directoryEntries', image.limits, 'a directory', location);
      }
    }
    return { entries, byName };
  }

  #lookupByIndex(directory: DirectoryInode, name: string): NodeId | undefined {
    const { place, count } = directory.indexes;
    const cursor = this.#metadata.cursor(place.start, place.offset);
    let block = directory.start;
    let into = 0;
    for (let row = 0; row < count; row++) {
      const s = cursor.struct(INDEX_SIZE);
      const length = s.get(INDEX.size) + 1;
      if (length > MAX_NAME) throw this.#corrupt(directory, `has an index with a name of ${length} bytes`);
      if (compareNames(decodeBytes(cursor.bytes(length)), name) > 0) break;
      block = s.get(INDEX.start_block);
      into = s.get(INDEX.index);
    }
    const reader = this.#reader(directory, block, into);
    for (let entry = reader?.next(); entry; entry = reader?.next()) {
      const order = compareNames(entry.name, name);
      if (order > 0) return undefined;
      if (order < 0) continue;
      this.#enter(directory, entry);
      return entry.node;
    }
    return undefined;
  }

  /** The entries from `into` the listing on, where the metadata block `start` of the directory table lies; none if it is empty. */
  #reader(directory: DirectoryInode, start: number, into: number): EntryReader | undefined {
    const length = directory.size - DOTS - into;
    if (length <= 0 && into === 0) return undefined;
    if (length <= 0) throw this.#corrupt(directory, `has an index beyond its ${directory.size} bytes`);
    const { directoryTable } = this.#metadata.image.superblock;
    const cursor = this.#metadata.cursor(directoryTable + start, (directory.listingOffset + into) % METADATA_SIZE);
    return new EntryReader(this.#metadata, cursor, length);
  }

  #enter(directory: DirectoryInode, { name, node, type }: DirectoryEntry): void {
    if (type !== 'directory') return;
    const parent = this.#parents.get(node);
    if (parent === undefined && node !== this.#metadata.image.superblock.rootInode) {
      this.#parents.set(node, directory.head.reference);
    } else if (parent !== directory.head.reference) {
      throw this.#corrupt(directory, `holds ${JSON.stringify(name)}, a directory that lies in another one`);
    }
  }

  #reportDuplicate(directory: DirectoryInode): void {
    const { image } = this.#metadata;
    if (image.diagnostics.some(({ code }) => code === 'squashfs/duplicate-name')) return;
    image.diagnostics.push({
      level: 'damage',
      code: 'squashfs/duplicate-name',
      message: 'a directory has a name twice; the later entry is ignored',
      location: { source: image.source.label, offset: directory.head.offset },
    });
  }

  #corrupt(directory: DirectoryInode, what: string): Error {
    return this.#metadata.image.corrupt('bad-directory', `a directory ${what}`, directory.head.offset);
  }
}
