/** The worker thread for a stream that can only be decoded front to back: pieces are done in their order, its end when all is verified. */
import { parentPort } from 'node:worker_threads';
import { ImageError } from '../../errors.ts';
import { defaultLimits } from '../../limits.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Decoder } from '../codecs/codec.ts';
import { StreamInput } from '../codecs/stream-input.ts';
import type { ScanOptions } from '../codecs/zstd/frame-scanner.ts';
import { BackgroundWriter } from './background-writer.ts';
import { type DecoderThread, runDecoderThread } from './decoder-thread.ts';
import { STREAM_PIECE } from './pieces.ts';

export type StreamCodec = 'xz' | 'zst';

export interface StreamTask {
  readonly codec: StreamCodec;
  /** Another thread verifies the checksums, and says that the end is there. */
  readonly leaveChecksums: boolean;
}

/** What zstd is asked for; the decoder of xz does all by itself. */
type StreamOptions = Pick<ScanOptions, 'leaveChecksums' | 'onStored'>;

const decoders: Readonly<Record<StreamCodec, (options: StreamOptions) => Promise<Decoder>>> = {
  xz: async () => (await import('../codecs/xz/decode-xz.ts')).decodeXz,
  zst: async (options) => {
    const { decodeZstd } = await import('../codecs/zstd/decode-zstd.ts');
    return (input) => decodeZstd(input, options);
  },
};

runDecoderThread<StreamTask>(parentPort, async (thread) => {
  const { board, task, fail } = thread;
  const progress = { done: 0 };
  try {
    await decodeAll(thread, progress);
    if (!task.leaveChecksums) board.finish(board.end);
  } catch (error) {
    fail(error, progress.done, board.count);
  }
});

/** `progress`: the pieces that are done. */
async function decodeAll(
  { board, input, output, stored, task }: DecoderThread<StreamTask>,
  progress: { done: number },
): Promise<void> {
  const writer = new BackgroundWriter(output.fd, (size, dataEnd) => {
    const pieces = size === output.size ? board.end : Math.floor(size / STREAM_PIECE);
    for (; progress.done < pieces; progress.done++) {
      board.finish(progress.done, dataEnd <= progress.done * STREAM_PIECE);
    }
  });
  let storedAt: number | undefined;
  const onStored = (offset: number): void => {
    storedAt = offset;
  };
  const decode = await decoders[task.codec]({ leaveChecksums: task.leaveChecksums, onStored });
  for await (const chunk of decode(new StreamInput(input), { limits: defaultLimits })) {
    if (writer.size + chunk.length > output.size) throw otherSize(input, task);
    if (storedAt === undefined) await writer.write(chunk);
    else {
      stored.add(writer.size, storedAt, chunk.length);
      storedAt = undefined;
      await writer.skip(chunk.length);
    }
  }
  await writer.finish();
  if (writer.size !== output.size) throw otherSize(input, task);
}

function otherSize({ label }: ByteSource, { codec }: StreamTask): ImageError {
  const message = `${label} does not expand to the bytes that its headers tell`;
  return new ImageError('corrupt', `${codec}/bad-size`, message, { location: { source: label } });
}
