/** The output of a stream decoder as one block. */
import { ImageError } from '../../../errors.ts';
import { type BlockOptions, badBlock } from './block.ts';

/** All chunks in one array of at most `maxOutput` bytes; errors of the decoder become those of a block of `format`. */
export function collect(
  format: string,
  chunks: Iterable<Uint8Array>,
  maxOutput: number,
  options?: BlockOptions,
): Uint8Array {
  const output = new Uint8Array(maxOutput);
  let size = 0;
  try {
    for (const chunk of chunks) {
      if (chunk.length > maxOutput - size && !options?.partial) {
        throw badBlock(format, `it expands to more than ${maxOutput} bytes`);
      }
      const part = chunk.subarray(0, maxOutput - size);
      output.set(part, size);
      size += part.length;
      if (options?.partial && size === maxOutput) break;
    }
  } catch (error) {
    if (error instanceof ImageError && error.kind !== 'unsupported') throw badBlock(format, error.message);
    throw error;
  }
  return output.subarray(0, size);
}
