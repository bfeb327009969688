/** The worker thread for a stream that can only be decoded front to back: pieces are done in their order, the last one when all is verified. */
import { parentPort, workerData } from 'node:worker_threads';
import { ImageError } from '../../errors.ts';
import { defaultLimits } from '../../limits.ts';
import type { Decoder } from '../codecs/expand.ts';
import { StreamInput } from '../codecs/stream-input.ts';
import { SparseWriter } from '../sparse-writer.ts';
import type { DecoderJob } from './beside-source.ts';
import { openDecoderThread } from './decoder-thread.ts';
import { STREAM_PIECE } from './pieces.ts';

export type StreamCodec = 'xz' | 'zst';

const decoders: Readonly<Record<StreamCodec, () => Promise<Decoder>>> = {
  xz: async () => (await import('../codecs/xz/decode-xz.ts')).decodeXz,
  zst: async () => (await import('../codecs/zstd/decode-zstd.ts')).decodeZstd,
};

const { board, input, output, task, fail } = openDecoderThread(workerData as DecoderJob<StreamCodec>, parentPort);
const last = board.count - 1;
let done = 0;

decodeAll().then(
  () => board.finish(last),
  (error: unknown) => fail(error, done, board.count),
);

async function decodeAll(): Promise<void> {
  const writer = new SparseWriter(output.fd, (size) => {
    for (; done < last && (done + 1) * STREAM_PIECE <= size; done++) board.finish(done);
  });
  const decode = await decoders[task]();
  for await (const chunk of decode(new StreamInput(input), { limits: defaultLimits })) {
    if (writer.size + chunk.length > output.size) throw otherSize();
    await writer.write(chunk);
  }
  await writer.finish();
  if (writer.size !== output.size) throw otherSize();
}

function otherSize(): ImageError {
  const { label } = input;
  const message = `${label} does not expand to the ${output.size} bytes that its headers tell`;
  return new ImageError('corrupt', `${task}/bad-size`, message, { location: { source: label } });
}
