/** Whole zstd frames as one block (squashfs, erofs, btrfs, qcow2); zeroes up to the end of a sector may follow (btrfs). */
import { MemorySource } from '../../memory-source.ts';
import { isZero } from '../../zeroes.ts';
import { StreamInput } from '../stream-input.ts';
import type { ZstdContext } from '../zstd/zstd-module.ts';
import { type BlockDecoder, badBlock } from './block.ts';
import { collect } from './collect.ts';

/** Loads the library, which cannot be done synchronously; await this once before blocks are decoded. */
export async function prepareZstdBlocks(): Promise<BlockDecoder> {
  const [{ createZstdContext, decodeFrames }, { loadZstd }] = await Promise.all([
    import('../zstd/decode-zstd.ts'),
    import('../zstd/zstd-module.ts'),
  ]);
  const instantiate = await loadZstd();
  return (input, maxOutput, blockOptions) => {
    context ??= createZstdContext(instantiate);
    const { stream, options } = openBlock(input);
    let isBetweenFrames = false;
    try {
      const output = collect('zstd', decodeFrames(stream, context, options), maxOutput, blockOptions);
      isBetweenFrames = !blockOptions?.partial;
      return output;
    } finally {
      if (!isBetweenFrames) context.restart();
    }
  };
}

/** For all blocks of this thread: one is decoded at a time. */
let context: ZstdContext | undefined;

function openBlock(input: Uint8Array): { stream: StreamInput; options: { onTrailing: (offset: number) => void } } {
  const onTrailing = (offset: number): void => {
    if (!isZero(input.subarray(offset))) throw badBlock('zstd', 'other bytes follow it');
  };
  return { stream: new StreamInput(new MemorySource(input, 'zstd block')), options: { onTrailing } };
}
