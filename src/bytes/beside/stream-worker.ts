/** The worker thread for a stream that can only be decoded front to back: pieces are done in their order, its end when all is verified. */
import { parentPort } from 'node:worker_threads';
import { ImageError } from '../../errors.ts';
import { defaultLimits } from '../../limits.ts';
import type { ByteSource } from '../byte-source.ts';
import { StreamInput } from '../codecs/stream-input.ts';
import type { ScanOptions } from '../codecs/zstd/frame-scanner.ts';
import { SparseWriter } from '../sparse-writer.ts';
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

type Decode = (input: ByteSource, options: StreamOptions) => Promise<Iterable<Uint8Array> | AsyncIterable<Uint8Array>>;

/** The blocks of zstd are read to where its decoder wants them: a window is for their headers only. */
const HEADERS = 4096;

const decoders: Readonly<Record<StreamCodec, Decode>> = {
  xz: async (input) => {
    const { decodeXz } = await import('../codecs/xz/decode-xz.ts');
    return decodeXz(new StreamInput(input), { limits: defaultLimits });
  },
  zst: async (input, options) => {
    const { decodeZstd } = await import('../codecs/zstd/decode-zstd.ts');
    return decodeZstd(new StreamInput(input, undefined, HEADERS), options);
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
  const writer = new SparseWriter(output.fd);
  const tell = (): void => {
    const pieces = writer.written === output.size ? board.end : Math.floor(writer.written / STREAM_PIECE);
    for (; progress.done < pieces; progress.done++) {
      board.finish(progress.done, writer.dataEnd <= progress.done * STREAM_PIECE);
    }
  };
  const checkRoom = (length: number): void => {
    if (writer.size + length > output.size) throw otherSize(input, task);
  };
  const onStored = (offset: number, length: number): void => {
    checkRoom(length);
    stored.add(writer.size, offset, length);
    writer.skip(length);
    tell();
  };
  const { leaveChecksums } = task;
  for await (const chunk of await decoders[task.codec](input, { leaveChecksums, onStored })) {
    checkRoom(chunk.length);
    writer.write(chunk);
    tell();
  }
  writer.finish();
  tell();
  if (writer.size !== output.size) throw otherSize(input, task);
}

function otherSize({ label }: ByteSource, { codec }: StreamTask): ImageError {
  const message = `${label} does not expand to the bytes that its headers tell`;
  return new ImageError('corrupt', `${codec}/bad-size`, message, { location: { source: label } });
}
