/** The full index: 8 bytes for each cluster (erofs_fs.h, z_erofs_lcluster_index). */
import { Struct, u16le, u32le } from '../../../bytes/struct.ts';
import type { ErofsImage } from '../image.ts';
import { BLOCK_COUNT, type Cluster, type ClusterIndex, TYPE } from './cluster.ts';
import { ADVISE, type MapHeader } from './map-header.ts';

export const LCLUSTER = {
  di_advise: u16le(0),
  di_clusterofs: u16le(2),
  blkaddr: u32le(4),
  /** Of clusters that are no heads, in place of blkaddr. */
  delta_0: u16le(4),
  delta_1: u16le(6),
} as const;
const ENTRY_SIZE = 8;

const TYPE_MASK = 3;
const PARTIAL_REF = 0x8000;

export class FullIndex implements ClusterIndex {
  readonly #image: ErofsImage;
  readonly #header: MapHeader;

  constructor(image: ErofsImage, header: MapHeader) {
    this.#image = image;
    this.#header = header;
  }

  read(number: number): Cluster {
    const at = this.#header.index + number * ENTRY_SIZE;
    const s = new Struct(this.#image.read(at, ENTRY_SIZE, 'a cluster index'));
    const advise = s.get(LCLUSTER.di_advise);
    const type = advise & TYPE_MASK;
    if (type !== TYPE.nonHead) {
      const isPartial = (advise & PARTIAL_REF) !== 0;
      const offset = s.get(LCLUSTER.di_clusterofs);
      return { type, offset, block: s.get(LCLUSTER.blkaddr), distance: 0, blockCount: 0, isPartial };
    }
    const delta = s.get(LCLUSTER.delta_0);
    const saysCount = (delta & BLOCK_COUNT) !== 0;
    if (saysCount && (this.#header.advise & (ADVISE.BIG_PCLUSTER_1 | ADVISE.BIG_PCLUSTER_2)) === 0) {
      throw this.#image.corrupt('bad-index', `cluster ${number} counts blocks in a file without large extents`, at);
    }
    const blockCount = saysCount ? delta & ~BLOCK_COUNT : 0;
    return { type, offset: 0, block: 0, distance: saysCount ? 1 : delta, blockCount, isPartial: false };
  }

  endOf(number: number): number {
    return this.#header.index + (number + 1) * ENTRY_SIZE;
  }
}
