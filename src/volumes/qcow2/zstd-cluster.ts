/**
 * Clusters compressed with zstd: one frame, behind which the last sector goes on with the next cluster, a frame as well. The frame is
 * cut out by its block headers, so that the decoder sees it alone and stands ready for another afterwards.
 */
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import { prepareZstdBlocks } from '../../bytes/codecs/blocks/zstd.ts';
import { StreamInput } from '../../bytes/codecs/stream-input.ts';
import { readChecksum, readFrameHeader, skipBlocks } from '../../bytes/codecs/zstd/frame-header.ts';
import { MemorySource } from '../../bytes/memory-source.ts';

export async function prepareZstdClusters(): Promise<BlockDecoder> {
  const decode = await prepareZstdBlocks();
  return (input, maxOutput) => decode(input.subarray(0, measureFrame(input)), maxOutput);
}

/** Bytes of the frame that `bytes` begin with. Throws ImageError if it is damaged or cut off. */
function measureFrame(bytes: Uint8Array): number {
  const input = new StreamInput(new MemorySource(bytes, 'a zstd cluster'));
  const { maxBlock, hasChecksum } = readFrameHeader(input);
  skipBlocks(input, maxBlock);
  if (hasChecksum) readChecksum(input);
  return input.position;
}
