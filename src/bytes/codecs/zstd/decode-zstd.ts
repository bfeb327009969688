/**
 * Zstandard (RFC 8878) by the library as WebAssembly, which verifies XXH64. Node's own zlib has it from 22.15 on: it takes a third longer
 * for a stream, as long for a block, and cannot stop inside one.
 */
import { zeroRuns } from '../../zeroes.ts';
import type { StreamInput } from '../stream-input.ts';
import { type Batch, MAX_BATCH } from './batches.ts';
import { type ScanOptions, scanFrames } from './frame-scanner.ts';
import { zstdError } from './zstd-error.ts';
import { type InstantiateZstd, loadZstd, ZstdContext } from './zstd-module.ts';

const OUTPUT = 256 * 1024;

/** A Decoder for zstd. */
export async function* decodeZstd(input: StreamInput, options: ScanOptions): AsyncGenerator<Uint8Array> {
  yield* decodeFrames(input, createZstdContext(await loadZstd()), options);
}

/** A context with buffers of the size that `decodeFrames` works with. */
export function createZstdContext(instantiate: InstantiateZstd): ZstdContext {
  return new ZstdContext(instantiate(), MAX_BATCH, OUTPUT);
}

/** The frames up to the end of the input; `context` must stand at the start of a frame, and does so again at the end. */
export function* decodeFrames(input: StreamInput, context: ZstdContext, options: ScanOptions): Generator<Uint8Array> {
  for (const { batches, checkSize } of scanFrames(input, () => context.input, options)) {
    let produced = 0;
    for (const batch of batches) {
      if (batch.kind === 'stored') {
        produced += batch.length;
        options.onStored?.(batch.offset, batch.length);
      } else if (batch.kind === 'zeroes') {
        produced += batch.length;
        yield* zeroRuns(batch.length);
      } else
        for (const chunk of decodeBatch(input, context, batch)) {
          if (batch.kind === 'window') continue;
          produced += chunk.length;
          yield chunk;
        }
    }
    checkSize(produced);
  }
}

function* decodeBatch(
  input: StreamInput,
  context: ZstdContext,
  { length, isLast }: Extract<Batch, { readonly isLast: boolean }>,
): Generator<Uint8Array> {
  for (let at = 0; ; ) {
    const step = context.step(at, length);
    if (typeof step === 'number') throw zstdError(step, input);
    at += step.consumed;
    if (step.output.length > 0) yield step.output;
    if (step.done && isLast && at === length) return;
    if (step.done) throw input.error('corrupt', 'zstd/bad-frame', 'a zstd frame ends before its last block');
    // A full output buffer may hide more; anything less means the library has used up its input.
    if (step.output.length === OUTPUT) continue;
    if (at === length && !isLast) return;
    if (step.consumed === 0 && step.output.length === 0) {
      throw input.error('corrupt', 'zstd/bad-frame', 'a zstd frame does not end with its last block');
    }
  }
}
