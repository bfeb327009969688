/** What the zstd library says is wrong, by its numbers (zstd_errors.h). */
import { ImageError } from '../../../errors.ts';
import type { StreamInput } from '../stream-input.ts';

/** The ones with a meaning of their own. */
const CHECKSUM_WRONG = 22;
const MEMORY_ALLOCATION = 64;

export function zstdError(number: number, input: StreamInput): ImageError {
  if (number === CHECKSUM_WRONG) return checksumError(input.label, input.position);
  if (number === MEMORY_ALLOCATION) {
    return input.error('limit', 'zstd/memory', 'the zstd decoder has no memory for the window of the frame');
  }
  return input.error('corrupt', 'zstd/bad-data', `the zstd data before this place are damaged (zstd error ${number})`);
}

/** About the frame that ends at `offset` of the stream `source`. */
export function checksumError(source: string, offset: number): ImageError {
  const message = `${source}: the zstd checksum does not match the expanded bytes`;
  return new ImageError('corrupt', 'zstd/bad-checksum', message, { location: { source, offset } });
}
