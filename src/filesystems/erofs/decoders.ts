/** The compression algorithms of EROFS by number. What their configurations behind the superblock say is in each stream, too. */
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';

const loaders: readonly (() => Promise<BlockDecoder>)[] = [
  async () => (await import('../../bytes/codecs/blocks/lz4.ts')).decodeLz4,
  async () => (await import('../../bytes/codecs/blocks/lzma.ts')).decodeMicroLzma,
  async () => (await import('../../bytes/codecs/blocks/deflate.ts')).decodeDeflate,
  async () => (await import('../../bytes/codecs/blocks/zstd.ts')).prepareZstdBlocks(),
];

/** The decoders of all algorithms in `bits`; those without one are left out, for a file may never use them. */
export async function loadDecoders(bits: number): Promise<ReadonlyMap<number, BlockDecoder>> {
  const decoders = new Map<number, BlockDecoder>();
  for (const [number, load] of loaders.entries()) if (bits & (1 << number)) decoders.set(number, await load());
  return decoders;
}
