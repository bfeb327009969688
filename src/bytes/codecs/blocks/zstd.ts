/** Whole zstd frames as one block (squashfs, erofs, btrfs, qcow2); zeroes up to the end of a sector may follow (btrfs). */
import { defaultLimits } from '../../../limits.ts';
import { MemorySource } from '../../memory-source.ts';
import { isZero } from '../../zeroes.ts';
import { StreamInput } from '../stream-input.ts';
import { createZstdContext, decodeFrames } from '../zstd/decode-zstd.ts';
import { loadZstd, type ZstdContext } from '../zstd/zstd-module.ts';
import { type BlockDecoder, badBlock } from './block.ts';
import { collect } from './collect.ts';

/** Compiles the library, which cannot be done synchronously; await this once before blocks are decoded. */
export async function prepareZstdBlocks(): Promise<BlockDecoder> {
  const zstd = await loadZstd();
  return (input, maxOutput, options) => {
    const context = idle.pop() ?? createZstdContext(zstd);
    let reusable = false;
    try {
      const stream = new StreamInput(new MemorySource(input, 'zstd block'));
      const onTrailing = (offset: number): void => {
        if (!isZero(input.subarray(offset))) throw badBlock('zstd', 'other bytes follow it');
      };
      const frames = decodeFrames(stream, context, { limits: defaultLimits, onTrailing });
      const output = collect('zstd', frames, maxOutput, options);
      // A frame that was left before its end would go on in the next block.
      reusable = !options?.partial;
      return output;
    } finally {
      if (reusable) idle.push(context);
      else context.free();
    }
  };
}

/** A context that stands between two frames, kept for the next block. */
const idle: ZstdContext[] = [];
