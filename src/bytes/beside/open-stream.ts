/** A stream that can only be decoded front to back, by one thread beside the reader. */
import type { ByteSource } from '../byte-source.ts';
import type { CodecOptions, ExpandedSource } from '../codecs/codec.ts';
import { openBeside } from './beside-source.ts';
import { piecesOfStream } from './pieces.ts';
import type { StreamCodec } from './stream-worker.ts';

/** `size` is that of the output, where it is known. Undefined if the stream is rather decoded before it is read. */
export async function openStreamBeside(
  source: ByteSource,
  options: CodecOptions,
  codec: StreamCodec,
  size: number | undefined,
): Promise<ExpandedSource | undefined> {
  if (size === undefined) return undefined;
  const pieces = piecesOfStream(size);
  return openBeside(source, options, {
    ...{ worker: 'stream-worker', threads: 1, task: codec },
    ...{ size, pieces, needsEnd: true },
  });
}
