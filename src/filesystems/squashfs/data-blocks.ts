/** Expanded data and fragment blocks, kept while they are in use. */
import { RecentCache } from '../recent-cache.ts';
import type { StoredBlock } from './block-list.ts';
import type { SquashfsImage } from './image.ts';

/** The share of `Limits.cacheBytes` that one generation of expanded blocks may take. */
const CACHE_SHARE = 1 / 8;

export class DataBlocks {
  readonly #image: SquashfsImage;
  readonly #cache: RecentCache<number, Uint8Array>;

  constructor(image: SquashfsImage) {
    this.#image = image;
    this.#cache = new RecentCache(image.limits.cacheBytes * CACHE_SHARE);
  }

  /** The content of a block that is stored: at most a block size. Valid until the next read of the source. Throws `corrupt`. */
  read({ offset, size, isCompressed }: StoredBlock, what: string): Uint8Array {
    if (!isCompressed) return this.#image.read(offset, size, what);
    const kept = this.#cache.get(offset);
    if (kept) return kept;
    const bytes = this.#image.expand(offset, size, this.#image.superblock.blockSize, what);
    this.#cache.set(offset, bytes, bytes.length);
    return bytes;
  }
}
