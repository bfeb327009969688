/**
 * The compressors of SquashFS by the superblock's number. Their options (a metadata block behind the superblock) matter to
 * writers only: what a decoder needs is in each block.
 */
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';

const decoders: Readonly<Record<number, () => Promise<BlockDecoder>>> = {
  /** gzip by name, zlib by format. */
  1: async () => (await import('../../bytes/codecs/blocks/deflate.ts')).decodeZlib,
  2: async () => (await import('../../bytes/codecs/blocks/lzma.ts')).decodeLzma,
  3: async () => (await import('../../bytes/codecs/blocks/lzo.ts')).decodeLzo,
  4: async () => (await import('../../bytes/codecs/blocks/xz.ts')).decodeXzBlock,
  5: async () => (await import('../../bytes/codecs/blocks/lz4.ts')).decodeLz4,
  6: async () => (await import('../../bytes/codecs/blocks/zstd.ts')).prepareZstdBlocks(),
};

/** The decoder with this number, undefined if there is none. */
export async function loadDecoder(number: number): Promise<BlockDecoder | undefined> {
  return decoders[number]?.();
}
