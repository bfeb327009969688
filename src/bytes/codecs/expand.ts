/** Runs a decoder over a source into a spool: what every stream codec's `open` is. */
import type { ByteSource } from '../byte-source.ts';
import { Spool } from '../spool.ts';
import type { CodecOptions, Decoder } from './codec.ts';
import { StreamInput } from './stream-input.ts';

/** The whole output of `decode` as a source with the label of `source`. After a failure nothing is left of it. */
export async function expand(source: ByteSource, options: CodecOptions, decode: Decoder): Promise<ByteSource> {
  const input = new StreamInput(source, options.onProgress);
  const spool = new Spool({ label: source.label, limits: options.limits });
  try {
    for await (const chunk of decode(input, options)) spool.write(chunk);
    return spool.finish();
  } catch (error) {
    spool.discard();
    throw error;
  }
}

/**
 * What a decoder does at the end of its stream, when the next bytes do not begin another: zero padding is passed over where
 * the format's tool does so, anything else goes to `onTrailing` or is an error.
 */
export function endStream(input: StreamInput, options: Pick<CodecOptions, 'onTrailing'>, format: string): void {
  if (input.remaining === 0) return;
  if (options.onTrailing) options.onTrailing(input.position);
  else {
    throw input.error(
      'corrupt',
      `${format}/trailing-bytes`,
      `${input.remaining} bytes that are not ${format} follow the compressed stream`,
    );
  }
}
