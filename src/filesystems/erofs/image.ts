/** What all parts of the EROFS reader share: the bytes, the superblock, the decoders, the budgets and what was noticed. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { RecentCache } from '../recent-cache.ts';
import type { Superblock } from './superblock.ts';

/** The share of `Limits.cacheBytes` that one generation of expanded extents may take. */
const CACHE_SHARE = 1 / 8;

export class ErofsImage {
  readonly source: ByteSource;
  readonly superblock: Superblock;
  readonly limits: Limits;
  readonly diagnostics: Diagnostic[] = [];
  /** By the number of the algorithm. */
  readonly decoders: ReadonlyMap<number, BlockDecoder>;
  /** Expanded extents by their byte offset in the source. */
  readonly expanded: RecentCache<number, Uint8Array>;

  constructor(source: ByteSource, superblock: Superblock, limits: Limits, decoders: ReadonlyMap<number, BlockDecoder>) {
    this.source = source;
    this.superblock = superblock;
    this.limits = limits;
    this.decoders = decoders;
    this.expanded = new RecentCache(limits.cacheBytes * CACHE_SHARE);
  }

  /** Bytes as they are stored, a view. Throws `corrupt` if they lie outside of the image. */
  read(offset: number, length: number, what: string): Uint8Array {
    if (offset + length <= this.source.size) return this.source.read(offset, length);
    throw this.corrupt('bad-place', `${what} of ${length} bytes at ${offset} lies outside of the image`, offset);
  }

  corrupt(code: string, message: string, offset?: number): ImageError {
    const location = offset === undefined ? { source: this.source.label } : { source: this.source.label, offset };
    return new ImageError('corrupt', `erofs/${code}`, message, { location });
  }
}
