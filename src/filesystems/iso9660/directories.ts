/**
 * Directories (ECMA-119, 6.8): records that do not cross the end of a sector. Directories too deep for the standard lie in another
 * place, with a child link where they belong; the record where they lie is not shown.
 */
import { limitExceeded } from '../../limits.ts';
import type { DirectoryEntry, NodeId } from '../file-system.ts';
import { RecentCache } from '../recent-cache.ts';
import { type DirectoryRecord, FLAG, isSelfOrParent, parseRecord } from './directory-record.ts';
import type { IsoImage } from './image.ts';
import { parseJolietName, parsePlainName } from './names.ts';
import { type IsoNode, nodeOf } from './nodes.ts';
import { SECTOR } from './sectors.ts';

/** Entries in one generation of kept lists. */
const KEPT_ENTRIES = 16_384;

interface Listing {
  readonly entries: readonly DirectoryEntry[];
  readonly byName: ReadonlyMap<string, NodeId>;
}

export class Directories {
  readonly #image: IsoImage;
  readonly #listings = new RecentCache<NodeId, Listing>(KEPT_ENTRIES);
  /** The directory each directory was found in: none lies in two. */
  readonly #parents = new Map<NodeId, NodeId>();

  constructor(image: IsoImage) {
    this.#image = image;
  }

  /** All entries in the order of the disk. Throws `corrupt` or `limit`. */
  list(directory: IsoNode): readonly DirectoryEntry[] {
    return this.#listing(directory).entries;
  }

  lookup(directory: IsoNode, name: string): NodeId | undefined {
    return this.#listing(directory).byName.get(name);
  }

  #listing(directory: IsoNode): Listing {
    const kept = this.#listings.get(directory.id);
    if (kept) return kept;
    const listing = this.#read(directory);
    this.#listings.set(directory.id, listing, listing.entries.length + 1);
    return listing;
  }

  /** The first of two entries with one name counts; a later one is dropped and said. */
  #read(directory: IsoNode): Listing {
    const { limits, source } = this.#image;
    const entries: DirectoryEntry[] = [];
    const byName = new Map<string, NodeId>();
    const parts = { follow: false };
    for (let done = 0; done < directory.size; done += SECTOR) {
      const length = Math.min(SECTOR, directory.size - done);
      // A copy: continuations of records are read while the sector is walked.
      const sector = Uint8Array.from(this.#image.read(directory.start + done, length, 'a directory sector'));
      for (const entry of this.#readSector(directory, sector, directory.start + done, parts)) {
        if (byName.has(entry.name)) {
          this.#image.report('damage', 'iso9660/duplicate-name', 'a directory has a name twice', directory.start);
          continue;
        }
        byName.set(entry.name, entry.node);
        entries.push(entry);
      }
      if (entries.length > limits.directoryEntries) {
        throw limitExceeded('directoryEntries', limits, 'a directory', {
          source: source.label,
          offset: directory.start,
        });
      }
    }
    return { entries, byName };
  }

  /** `parts` goes on from sector to sector: whether the next record is another part of the same file. */
  #readSector(directory: IsoNode, sector: Uint8Array, offset: number, parts: { follow: boolean }): DirectoryEntry[] {
    const entries: DirectoryEntry[] = [];
    for (let at = 0; at < sector.length; ) {
      const record = parseRecord(this.#image, sector, at, offset + at);
      if (!record) break;
      at += record.length;
      const isPart = parts.follow;
      parts.follow = (record.flags & FLAG.multiExtent) !== 0;
      if (isPart || isSelfOrParent(record) || record.flags & FLAG.associated) continue;
      const entry = this.#entryOf(directory, record);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  #entryOf(directory: IsoNode, record: DirectoryRecord): DirectoryEntry | undefined {
    const image = this.#image;
    const { id, type, start, rockRidge } = nodeOf(image, record);
    if (rockRidge?.isRelocated) return undefined;
    const parse = image.form === 'joliet' ? parseJolietName : parsePlainName;
    const name = rockRidge?.name ?? parse(image, record.name, record.offset);
    if (type !== 'directory') return { name, node: id, type };
    const node = rockRidge?.childLink ?? start;
    this.#enter(directory, node, name);
    return { name, node, type };
  }

  #enter(directory: IsoNode, node: NodeId, name: string): void {
    const parent = this.#parents.get(node);
    if (parent === undefined && node !== this.#image.volume.root) this.#parents.set(node, directory.id);
    else if (parent !== directory.id) {
      const message = `a directory holds ${JSON.stringify(name)}, a directory that lies in another one`;
      throw this.#image.corrupt('bad-directory', message, directory.start);
    }
  }
}
