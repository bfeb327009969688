/** The header of a compressed file's map (erofs_fs.h, z_erofs_map_header): 8 bytes behind the attributes, on a multiple of 8. */
import { Struct, u8, u16le, u32le, u64le } from '../../../bytes/struct.ts';
import { INCOMPAT } from '../features.ts';
import type { ErofsImage } from '../image.ts';
import { type Inode, LAYOUT } from '../inode.ts';

export const MAP_HEADER = {
  h_fragmentoff: u32le(0),
  h_idata_size: u16le(2),
  h_advise: u16le(4),
  h_algorithmtype: u8(6),
  h_clusterbits: u8(7),
} as const;
export const MAP_HEADER_SIZE = 8;

export const ADVISE = {
  COMPACTED_2B: 0x1,
  BIG_PCLUSTER_1: 0x2,
  BIG_PCLUSTER_2: 0x4,
  INLINE_PCLUSTER: 0x8,
  INTERLACED_PCLUSTER: 0x10,
  FRAGMENT_PCLUSTER: 0x20,
} as const;

/** Bit 7 of h_clusterbits: the whole file is a fragment, and the header is its 63-bit offset. */
const WHOLE_FRAGMENT = 0x80;
const CLUSTER_BITS = 7;

/** Features without one of which a full index has no header. */
const WITH_HEADER = INCOMPAT.compr_cfgs | INCOMPAT.ztailpacking | INCOMPAT.fragments;

export interface MapHeader {
  readonly advise: number;
  /** Algorithms of the two kinds of heads. */
  readonly algorithms: readonly [number, number];
  readonly clusterBits: number;
  /** Bytes of the last extent if it lies behind the index. */
  readonly inlineSize: number;
  readonly fragmentOffset: number;
  readonly isWholeFragment: boolean;
  /** Byte offset of the index. */
  readonly index: number;
}

export function readMapHeader(image: ErofsImage, inode: Inode): MapHeader {
  const { blockBits, incompat } = image.superblock;
  const at = Math.ceil(inode.tail / 8) * 8;
  const isFull = inode.layout === LAYOUT.compressedFull;
  // Full indexes begin 8 bytes further behind, a place that once was reserved.
  const index = at + MAP_HEADER_SIZE + (isFull ? 8 : 0);
  const none = { advise: 0, algorithms: [0, 0], clusterBits: blockBits, inlineSize: 0, fragmentOffset: 0 } as const;
  if (isFull && (incompat & WITH_HEADER) === 0) return { ...none, isWholeFragment: false, index };
  const bytes = Uint8Array.from(image.read(at, MAP_HEADER_SIZE, 'the header of a map'));
  const s = new Struct(bytes);
  const bits = s.get(MAP_HEADER.h_clusterbits);
  if (bits & WHOLE_FRAGMENT) {
    bytes[7] = bits & ~WHOLE_FRAGMENT;
    return { ...none, fragmentOffset: s.get(u64le(0)), isWholeFragment: true, index };
  }
  const algorithms = s.get(MAP_HEADER.h_algorithmtype);
  return {
    advise: s.get(MAP_HEADER.h_advise),
    algorithms: [algorithms & 15, algorithms >> 4],
    clusterBits: blockBits + (bits & CLUSTER_BITS),
    inlineSize: s.get(MAP_HEADER.h_idata_size),
    fragmentOffset: s.get(MAP_HEADER.h_fragmentoff),
    isWholeFragment: false,
    index,
  };
}
