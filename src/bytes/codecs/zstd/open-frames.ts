/** A zstd stream that is decoded beside its reader by one thread, and whose checksums another verifies: they are a fifth of the work. */
import { openStreamBeside } from '../../beside/open-stream.ts';
import type { ByteSource } from '../../byte-source.ts';
import type { CodecOptions, ExpandedSource } from '../codec.ts';
import { guessSize } from './locate-frames.ts';

/** Undefined if the stream is rather decoded before it is read. */
export async function openZstdBeside(source: ByteSource, options: CodecOptions): Promise<ExpandedSource | undefined> {
  const guess = guessSize(source);
  if (!guess) return undefined;
  const verifier = guess.hasChecksums ? ({ worker: 'zstd-checksum-worker', task: undefined } as const) : undefined;
  return openStreamBeside(source, options, { codec: 'zst', size: guess.size, verifier });
}
