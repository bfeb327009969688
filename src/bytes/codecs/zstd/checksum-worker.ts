/** The worker thread that reads what the decoder of a zstd stream has written, and verifies the checksum of each frame (XXH64). */

import { parentPort } from 'node:worker_threads';
import loadXxHash, { type XXHash } from 'xxhash-wasm';
import { ImageError } from '../../../errors.ts';
import { type DecoderThread, runDecoderThread } from '../../beside/decoder-thread.ts';
import type { OutputFile } from '../../beside/output-file.ts';
import { STREAM_PIECE } from '../../beside/pieces.ts';
import { locateFrames } from './locate-frames.ts';
import { checksumError } from './zstd-error.ts';

/** Bytes that are read and hashed at once: few enough to stay in the processor's own cache. */
const HASHED = 128 * 1024;

/** The low half of a hash is what a frame stores. */
const LOW = 0xffff_ffffn;

runDecoderThread<undefined>(parentPort, async (thread) => {
  const { board, fail } = thread;
  try {
    const { create64 } = await loadXxHash();
    if (verifyFrames(thread, create64)) board.finish(board.end);
  } catch (error) {
    fail(error, board.end, board.count);
  }
});

/** False if the decoder has failed, and said why. */
function verifyFrames(
  { board, input, output, file }: DecoderThread<undefined>,
  createHash: () => XXHash<bigint>,
): boolean {
  const buffer = Buffer.allocUnsafeSlow(HASHED);
  const zeroes = Buffer.alloc(HASHED);
  const frames = locateFrames(input);
  if (frames?.reduce((sum, { size }) => sum + size, 0) !== output.size) throw otherFrames(input.label);
  let start = 0;
  for (const { size, checksum, end } of frames) {
    const stop = start + size;
    if (checksum !== undefined) {
      const hash = createHash();
      for (let at = start; at < stop; ) {
        const piece = Math.floor(at / STREAM_PIECE);
        const outcome = board.awaitSettled(piece);
        if (outcome === 'failed') return false;
        const length = Math.min(stop - at, (piece + 1) * STREAM_PIECE - at, HASHED);
        const bytes = (outcome === 'empty' ? zeroes : buffer).subarray(0, length);
        if (outcome === 'done') readWhole(file, bytes, at);
        hash.update(bytes);
        at += bytes.length;
      }
      if (Number(hash.digest() & LOW) !== checksum) throw checksumError(input.label, end);
    }
    start = stop;
  }
  // Pieces are done in their order.
  return board.awaitSettled(board.end - 1) !== 'failed';
}

function readWhole(file: OutputFile, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = file.read(bytes.subarray(done), position + done);
    if (count === 0) throw new RangeError('a file became shorter while it was read');
    done += count;
  }
}

/** Decoding the stream before it is read tells more. */
function otherFrames(source: string): ImageError {
  const message = `${source} has other frames than its beginning promised`;
  return new ImageError('corrupt', 'zstd/other-frames', message, { location: { source } });
}
