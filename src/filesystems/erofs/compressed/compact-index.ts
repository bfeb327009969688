/**
 * The compact index: packs of clusters with one block address behind each. Packs of 2 take 8 bytes; packs of 16, on a multiple of
 * 32 in between, take 32 (the kernel's commit "erofs: add compacted compression indexes support" describes both).
 */
import { Struct, u32le } from '../../../bytes/struct.ts';
import type { ErofsImage } from '../image.ts';
import { BLOCK_COUNT, type Cluster, type ClusterIndex, TYPE } from './cluster.ts';
import { ADVISE, type MapHeader } from './map-header.ts';

/** Entries have room for a block count and a type at least. */
const MIN_LOW_BITS = 12;
const MAX_CLUSTER_BITS = 14;
const MAX_CLUSTER_BITS_2B = 12;

const ADDRESS_SIZE = 4;
const SMALL = { clusters: 2, bytes: 8 } as const;
const LARGE = { clusters: 16, bytes: 32 } as const;
type PackKind = typeof SMALL | typeof LARGE;

interface Pack {
  readonly at: number;
  readonly kind: PackKind;
  readonly clusters: readonly Cluster[];
}

/** An entry of a pack as it is stored. */
interface Entry {
  readonly type: number;
  readonly low: number;
}

export class CompactIndex implements ClusterIndex {
  readonly #image: ErofsImage;
  readonly #header: MapHeader;
  readonly #lowBits: number;
  /** Clusters in small packs before the large ones, and in large ones. */
  readonly #before: number;
  readonly #large: number;
  #latest: Pack | undefined;

  /** `count` clusters in all. Throws `corrupt`. */
  constructor(image: ErofsImage, header: MapHeader, count: number) {
    this.#image = image;
    this.#header = header;
    const has2B = (header.advise & ADVISE.COMPACTED_2B) !== 0;
    if (header.clusterBits > (has2B ? MAX_CLUSTER_BITS_2B : MAX_CLUSTER_BITS)) {
      throw image.corrupt('bad-index', `a compact index is of clusters of 2^${header.clusterBits} bytes`, header.index);
    }
    this.#lowBits = Math.max(header.clusterBits, MIN_LOW_BITS);
    const misaligned = header.index % LARGE.bytes;
    this.#before = misaligned === 0 ? 0 : (LARGE.bytes - misaligned) / (SMALL.bytes / SMALL.clusters);
    this.#large = has2B && this.#before < count ? (count - this.#before) & ~(LARGE.clusters - 1) : 0;
  }

  read(number: number): Cluster {
    const { at, kind, into } = this.#place(number);
    if (this.#latest?.at !== at) this.#latest = { at, kind, clusters: this.#readPack(at, kind) };
    return this.#latest.clusters[into] as Cluster;
  }

  endOf(number: number): number {
    const { at, kind } = this.#place(number);
    return at + kind.bytes;
  }

  #place(number: number): { readonly at: number; readonly kind: PackKind; readonly into: number } {
    const { index } = this.#header;
    const small = (start: number, nth: number) => ({
      at: start + Math.floor(nth / SMALL.clusters) * SMALL.bytes,
      kind: SMALL,
      into: nth % SMALL.clusters,
    });
    if (number < this.#before) return small(index, number);
    const large = index + (this.#before / SMALL.clusters) * SMALL.bytes;
    const nth = number - this.#before;
    if (nth >= this.#large) return small(large + (this.#large / LARGE.clusters) * LARGE.bytes, nth - this.#large);
    const at = large + Math.floor(nth / LARGE.clusters) * LARGE.bytes;
    return { at, kind: LARGE, into: nth % LARGE.clusters };
  }

  #readPack(at: number, kind: PackKind): Cluster[] {
    const bytes = Uint8Array.from(this.#image.read(at, kind.bytes, 'a pack of cluster indexes'));
    const base = new Struct(bytes).get(u32le(kind.bytes - ADDRESS_SIZE));
    const bits = ((kind.bytes - ADDRESS_SIZE) * 8) / kind.clusters;
    const entries: Entry[] = [];
    for (let i = 0; i < kind.clusters; i++) {
      const value = readBits(bytes, i * bits);
      entries.push({ type: (value >>> this.#lowBits) & 3, low: value & ((1 << this.#lowBits) - 1) });
    }
    return entries.map(({ type, low }, i) => {
      if (type === TYPE.nonHead) return this.#readNonHead(entries, i, at);
      const block = base + this.#blocksBefore(entries, i, at);
      return { type, offset: low, block, distance: 0, blockCount: 0, isPartial: false };
    });
  }

  #readNonHead(entries: readonly Entry[], i: number, at: number): Cluster {
    const { type, low } = entries[i] as Entry;
    const saysCount = (low & BLOCK_COUNT) !== 0;
    if (saysCount) this.#expectLarge(at);
    const distance = saysCount ? 1 : this.#distance(entries, i);
    const blockCount = saysCount ? low & ~BLOCK_COUNT : 0;
    return { type, offset: 0, block: 0, distance, blockCount, isPartial: false };
  }

  #distance(entries: readonly Entry[], i: number): number {
    if (i + 1 < entries.length) return (entries[i] as Entry).low;
    // The last of a pack tells the way forward; the way back is one more than that of the one before.
    const before = entries[i - 1];
    if (before?.type !== TYPE.nonHead) return 1;
    return (before.low & BLOCK_COUNT ? 1 : before.low) + 1;
  }

  /** Blocks of the extents that begin in the pack before entry `head`, which the pack's address does not count. */
  #blocksBefore(entries: readonly Entry[], head: number, at: number): number {
    const isLarge = (this.#header.advise & ADVISE.BIG_PCLUSTER_1) !== 0;
    let blocks = isLarge ? 0 : 1;
    for (let i = head - 1; i >= 0; i--) {
      const { type, low } = entries[i] as Entry;
      if (type !== TYPE.nonHead) {
        blocks++;
      } else if (!isLarge) {
        // On to the head, which counts as one block if it lies in this pack.
        i -= low;
        if (i >= 0) blocks++;
      } else if (low & BLOCK_COUNT) {
        blocks += low & ~BLOCK_COUNT;
        i--;
      } else {
        if (low < 2) throw this.#image.corrupt('bad-index', 'a cluster is as far from its head as the next one', at);
        i -= low - 2;
      }
    }
    return blocks;
  }

  #expectLarge(at: number): void {
    if (this.#header.advise & ADVISE.BIG_PCLUSTER_1) return;
    throw this.#image.corrupt('bad-index', 'a cluster counts blocks in a file without large extents', at);
  }
}

/** The 16 bits or more that begin at bit `at`. */
function readBits(bytes: Uint8Array, at: number): number {
  const byte = at >>> 3;
  const value =
    (bytes[byte] as number) | ((bytes[byte + 1] as number) << 8) | (((bytes[byte + 2] ?? 0) as number) << 16);
  return value >>> (at & 7);
}
