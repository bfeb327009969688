/** The worker thread of `parallel-xz.ts`: decodes blocks that it is sent, straight into the temporary file. */
import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { ImageError } from '../../../errors.ts';
import { MemorySource } from '../../memory-source.ts';
import { findData, temporaryFileError } from '../../sparse-file.ts';
import { StreamInput } from '../stream-input.ts';
import { DecoderKeeper, decodeBlock } from './decode-xz.ts';
import type { BlockPlace } from './locate-blocks.ts';
import { IndexCheck } from './stream-format.ts';

export interface BlockJob {
  /** The whole block. */
  readonly bytes: Uint8Array;
  readonly place: BlockPlace;
  /** The temporary file; descriptors belong to the process, not to the thread. */
  readonly fd: number;
  readonly label: string;
}

/** What comes back: nothing for success, or the parts of an ImageError. */
export type BlockAnswer =
  | { readonly error?: undefined }
  | {
      readonly error: Pick<ImageError, 'kind' | 'code' | 'message' | 'location' | 'remedy'>;
    };

const BUFFER = 1024 * 1024;
const buffer = new Uint8Array(BUFFER);
const decoders = new DecoderKeeper();

parentPort?.on('message', (job: BlockJob) => {
  parentPort?.postMessage(answer(job));
});

function answer(job: BlockJob): BlockAnswer {
  try {
    decode(job);
    return {};
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const { kind, code, message, location, remedy } = error;
    return { error: { kind, code, message, location, remedy } };
  }
}

function decode({ bytes, place, fd, label }: BlockJob): void {
  const input = new StreamInput(new MemorySource(bytes, label));
  const sizes = new IndexCheck();
  const promised = new IndexCheck();
  promised.add(place.unpaddedSize, place.outputSize);
  let filled = 0;
  let position = place.outputOffset;
  for (const chunk of decodeBlock(input, place.checkId, sizes, decoders, place.outputSize)) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BUFFER - filled);
      // A block may not write where the next one does.
      if (position + filled + part.length > place.outputOffset + place.outputSize) throw mismatch(input);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < BUFFER) continue;
      writeSparse(fd, buffer, position);
      position += BUFFER;
      filled = 0;
    }
  }
  writeSparse(fd, buffer.subarray(0, filled), position);
  if (sizes.crc !== promised.crc) throw mismatch(input);
}

function mismatch(input: StreamInput): ImageError {
  return input.error('corrupt', 'xz/bad-index', 'the xz index gives other sizes than the blocks have', 0);
}

function writeSparse(fd: number, bytes: Uint8Array, position: number): void {
  for (const [from, to] of findData(bytes)) {
    try {
      for (let at = from; at < to; ) at += writeSync(fd, bytes, at, to - at, position + at);
    } catch (error) {
      throw temporaryFileError(error);
    }
  }
}
