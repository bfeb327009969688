/** What all parts of the btrfs reader share: bytes by logical address, the budgets, what was expanded and what was noticed. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { RecentCache } from '../recent-cache.ts';
import { ChunkMap } from './chunk-map.ts';
import type { TreeNode } from './node.ts';
import type { Superblock } from './superblock.ts';

/** The shares of `Limits.cacheBytes` that one generation of tree blocks and of expanded extents may take. */
const NODE_SHARE = 1 / 4;
const EXPANDED_SHARE = 1 / 8;

export class BtrfsImage {
  readonly source: ByteSource;
  readonly superblock: Superblock;
  readonly limits: Limits;
  readonly diagnostics: Diagnostic[] = [];
  readonly chunks = new ChunkMap();
  /** Tree blocks and expanded extents by logical address. */
  readonly nodes: RecentCache<number, TreeNode>;
  readonly expanded: RecentCache<number, Uint8Array>;

  constructor(source: ByteSource, superblock: Superblock, limits: Limits) {
    this.source = source;
    this.superblock = superblock;
    this.limits = limits;
    this.nodes = new RecentCache(limits.cacheBytes * NODE_SHARE);
    this.expanded = new RecentCache(limits.cacheBytes * EXPANDED_SHARE);
  }

  /**
   * The first copy of [address, address + length) that passes `isSound`, a view. Throws `corrupt` if none does; another copy
   * than the first is noted.
   */
  readCopy(address: number, length: number, what: string, isSound: (bytes: Uint8Array) => boolean): Uint8Array {
    const copies = this.chunks.find(address, length);
    if (!copies) throw this.corrupt('bad-address', `${what} at address ${address} lies in no chunk`);
    for (const [i, offset] of copies.entries()) {
      const bytes = this.source.read(offset, length);
      if (!isSound(bytes)) continue;
      if (i > 0) this.#noteCopy(what, copies[0] ?? offset);
      return bytes;
    }
    const { name } = this.superblock.checksum;
    throw this.corrupt('bad-checksum', `${what} at address ${address} has a wrong checksum (${name})`, copies[0]);
  }

  corrupt(code: string, message: string, offset?: number): ImageError {
    const location = offset === undefined ? { source: this.source.label } : { source: this.source.label, offset };
    return new ImageError('corrupt', `btrfs/${code}`, message, { location });
  }

  unsupported(code: string, message: string): ImageError {
    return new ImageError('unsupported', `btrfs/${code}`, message, { location: { source: this.source.label } });
  }

  #noteCopy(what: string, offset: number): void {
    const code = 'btrfs/second-copy';
    if (this.diagnostics.some((each) => each.code === code)) return;
    const message = `${what} is damaged: its second copy is read`;
    this.diagnostics.push({ level: 'note', code, message, location: { source: this.source.label, offset } });
  }
}
