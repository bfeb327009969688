/** A stream that can only be decoded front to back, by one thread beside the reader. */
import type { ByteSource } from '../byte-source.ts';
import type { CodecOptions, ExpandedSource } from '../codecs/codec.ts';
import { openBeside, type ThreadRequest } from './beside-source.ts';
import { piecesOfStream } from './pieces.ts';
import type { StreamCodec, StreamTask } from './stream-worker.ts';

export interface StreamRequest {
  readonly codec: StreamCodec;
  /** Bytes of the output. */
  readonly size: number;
  /** The thread that verifies the checksums of the output, where it is not the decoder itself. */
  readonly verifier?: ThreadRequest | undefined;
}

/** Undefined if the stream is rather decoded before it is read. */
export async function openStreamBeside(
  source: ByteSource,
  options: CodecOptions,
  { codec, size, verifier }: StreamRequest,
): Promise<ExpandedSource | undefined> {
  const task: StreamTask = { codec, leaveChecksums: verifier !== undefined };
  const decoder: ThreadRequest = { worker: 'stream-worker', task };
  const pieces = piecesOfStream(size);
  return openBeside(source, options, { decoders: [decoder], verifier, size, pieces, needsEnd: true });
}
