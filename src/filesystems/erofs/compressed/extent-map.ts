/**
 * From an offset in a compressed file to the extent that holds it: back to the cluster where the extent begins, forward to where
 * the next one does (kernel docs, filesystems/erofs, "On-disk compression format").
 */
import { ImageError } from '../../../errors.ts';
import type { ErofsImage } from '../image.ts';
import { type Inode, LAYOUT } from '../inode.ts';
import { type Cluster, type ClusterIndex, TYPE } from './cluster.ts';
import { CompactIndex } from './compact-index.ts';
import { FullIndex } from './full-index.ts';
import { ADVISE, type MapHeader, readMapHeader } from './map-header.ts';

/** An expanded extent has to fit in memory; mkfs.erofs makes none larger than a few MiB. */
const MAX_EXTENT = 64 * 1024 * 1024;
/** A distance reaches over 2047 clusters, so that a few lead to the head of any extent that is not too large. */
const MAX_HOPS = 1024;

export interface CompressedExtent {
  /** Byte offset in the file, and bytes of the file. */
  readonly at: number;
  readonly length: number;
  /** Number of the algorithm; `plain` is not compressed. */
  readonly algorithm: number | 'plain';
  /** Byte offset in the source and stored bytes; `fragment` lies in the packed inode at `from`. */
  readonly stored: { readonly from: number; readonly size: number } | 'fragment';
  readonly isPartial: boolean;
}

interface Head {
  /** Number of the cluster. */
  readonly number: number;
  readonly cluster: Cluster;
}

/** The last extent of a file, where it is stored in a way of its own. */
interface Tail {
  readonly head: number;
  readonly inlineAt: number;
}

export class ExtentMap {
  /** Where the fragment begins in the packed inode. */
  readonly fragmentOffset: number;
  readonly isInterlaced: boolean;
  readonly #image: ErofsImage;
  readonly #inode: Inode;
  readonly #header: MapHeader;
  readonly #index: ClusterIndex;
  readonly #clusterSize: number;
  readonly #tail: Tail | undefined;

  /** `inode` is not empty. Throws `corrupt`. */
  constructor(image: ErofsImage, inode: Inode) {
    const header = readMapHeader(image, inode);
    this.#image = image;
    this.#inode = inode;
    this.#header = header;
    this.#clusterSize = 2 ** header.clusterBits;
    this.isInterlaced = (header.advise & ADVISE.INTERLACED_PCLUSTER) !== 0;
    const isFull = inode.layout === LAYOUT.compressedFull;
    const count = Math.ceil(inode.size / this.#clusterSize);
    this.#index =
      isFull || header.isWholeFragment ? new FullIndex(image, header) : new CompactIndex(image, header, count);
    const hasTail = (header.advise & (ADVISE.INLINE_PCLUSTER | ADVISE.FRAGMENT_PCLUSTER)) !== 0;
    const head = hasTail ? this.#findHead(inode.size - 1) : undefined;
    this.#tail = head && { head: head.number, inlineAt: this.#index.endOf(count - 1) };
    const hasFragment = (header.advise & ADVISE.FRAGMENT_PCLUSTER) !== 0;
    // A full index has room for the upper half of the offset.
    const high = head && hasFragment && isFull ? head.cluster.block * 2 ** 32 : 0;
    this.fragmentOffset = header.fragmentOffset + high;
  }

  /** The extent that holds byte `offset` of the file, which is below its size. Throws `corrupt` or `unsupported`. */
  find(offset: number): CompressedExtent {
    const { size, nid } = this.#inode;
    if (this.#header.isWholeFragment) {
      return { at: 0, length: size, algorithm: 'plain', stored: 'fragment', isPartial: false };
    }
    const { number, cluster } = this.#findHead(offset);
    const at = number * this.#clusterSize + cluster.offset;
    const end = this.#findEnd(number);
    if (at > offset || end <= offset) throw this.#corrupt(`has an extent that ends before it begins`);
    const isPlain = cluster.type === TYPE.plain;
    const algorithm = isPlain ? 'plain' : this.#header.algorithms[cluster.type === TYPE.head1 ? 0 : 1];
    const stored = this.#findStored(number, cluster);
    const extent = { at, length: end - at, algorithm, stored, isPartial: cluster.isPartial } as const;
    if (isPlain && stored !== 'fragment' && extent.length > stored.size) {
      throw this.#corrupt(`has ${extent.length} bytes stored in ${stored.size} (inode ${nid})`);
    }
    return extent;
  }

  #findHead(offset: number): Head {
    let number = Math.floor(offset / this.#clusterSize);
    let cluster = this.#index.read(number);
    let distance = cluster.type === TYPE.nonHead ? cluster.distance : 0;
    if (cluster.type !== TYPE.nonHead && offset - number * this.#clusterSize < cluster.offset) distance = 1;
    for (let hops = 0; distance > 0; hops++) {
      if (distance > number || hops > MAX_HOPS) throw this.#corrupt(`has an extent without a beginning`);
      number -= distance;
      cluster = this.#index.read(number);
      if (cluster.type !== TYPE.nonHead) break;
      distance = cluster.distance;
    }
    if (cluster.type === TYPE.nonHead) throw this.#corrupt(`has an extent without a beginning`);
    if (cluster.offset >= this.#clusterSize) throw this.#corrupt(`has an extent that begins in another cluster`);
    return { number, cluster };
  }

  /** Where the extent ends that begins in cluster `head`. */
  #findEnd(head: number): number {
    const { size, nid } = this.#inode;
    for (let number = head + 1; number * this.#clusterSize < size; number++) {
      if ((number - head) * this.#clusterSize > MAX_EXTENT) {
        const message = `inode ${nid} has an extent of more than ${MAX_EXTENT} bytes`;
        throw new ImageError('unsupported', 'erofs/large-extent', message, {
          location: { source: this.#image.source.label, offset: this.#inode.offset },
        });
      }
      const cluster = this.#index.read(number);
      if (cluster.type !== TYPE.nonHead) return Math.min(size, number * this.#clusterSize + cluster.offset);
    }
    return size;
  }

  #findStored(number: number, cluster: Cluster): CompressedExtent['stored'] {
    const { blockSize } = this.#image.superblock;
    if (this.#tail?.head === number) {
      if (this.#header.advise & ADVISE.INLINE_PCLUSTER) return this.#findInline(this.#tail.inlineAt);
      return 'fragment';
    }
    return { from: cluster.block * blockSize, size: this.#countBlocks(number, cluster) * blockSize };
  }

  #findInline(from: number): CompressedExtent['stored'] {
    const { blockSize } = this.#image.superblock;
    const size = this.#header.inlineSize;
    if (size === 0 || (from % blockSize) + size > blockSize) throw this.#corrupt(`has inline data of ${size} bytes`);
    return { from, size };
  }

  /** The first cluster behind a head of a large extent counts its blocks; if it is a head itself there is one. */
  #countBlocks(number: number, cluster: Cluster): number {
    const flag = cluster.type === TYPE.head1 ? ADVISE.BIG_PCLUSTER_1 : ADVISE.BIG_PCLUSTER_2;
    const isLarge = (this.#header.advise & flag) !== 0;
    if (!isLarge || (number + 1) * this.#clusterSize >= this.#inode.size) return 1;
    const next = this.#index.read(number + 1);
    if (next.type !== TYPE.nonHead) return 1;
    if (next.blockCount > 0) return next.blockCount;
    throw this.#corrupt(`has an extent that does not say how large it is`);
  }

  #corrupt(what: string): ImageError {
    return this.#image.corrupt('bad-extent', `inode ${this.#inode.nid} ${what}`, this.#inode.offset);
  }
}
