/** The worker thread for a stream that can only be decoded front to back: pieces are done in their order, its end when all is verified. */
import { parentPort } from 'node:worker_threads';
import { ImageError } from '../../errors.ts';
import { defaultLimits } from '../../limits.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Decoder } from '../codecs/expand.ts';
import { StreamInput } from '../codecs/stream-input.ts';
import { SparseWriter } from '../sparse-writer.ts';
import { type DecoderThread, runDecoderThread } from './decoder-thread.ts';
import { STREAM_PIECE } from './pieces.ts';

export type StreamCodec = 'xz' | 'zst';

export interface StreamTask {
  readonly codec: StreamCodec;
  /** Another thread verifies the checksums, and says that the end is there. */
  readonly leaveChecksums: boolean;
}

const decoders: Readonly<Record<StreamCodec, (leaveChecksums: boolean) => Promise<Decoder>>> = {
  xz: async () => (await import('../codecs/xz/decode-xz.ts')).decodeXz,
  zst: async (leaveChecksums) => {
    const { decodeZstd } = await import('../codecs/zstd/decode-zstd.ts');
    return (input) => decodeZstd(input, { leaveChecksums });
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
  { board, input, output, task }: DecoderThread<StreamTask>,
  progress: { done: number },
): Promise<void> {
  const writer = new SparseWriter(output.fd);
  const decode = await decoders[task.codec](task.leaveChecksums);
  const finishBefore = (piece: number): void => {
    for (; progress.done < piece; progress.done++) {
      board.finish(progress.done, writer.dataEnd <= progress.done * STREAM_PIECE);
    }
  };
  for await (const chunk of decode(new StreamInput(input), { limits: defaultLimits })) {
    if (writer.size + chunk.length > output.size) throw otherSize(input, task);
    writer.write(chunk);
    finishBefore(Math.floor(writer.written / STREAM_PIECE));
  }
  writer.finish();
  if (writer.size !== output.size) throw otherSize(input, task);
  finishBefore(board.end);
}

function otherSize({ label }: ByteSource, { codec }: StreamTask): ImageError {
  const message = `${label} does not expand to the bytes that its headers tell`;
  return new ImageError('corrupt', `${codec}/bad-size`, message, { location: { source: label } });
}
