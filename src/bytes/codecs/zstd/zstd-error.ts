/** What the zstd library says is wrong, by its numbers (zstd_errors.h). */
import type { ImageError } from '../../../errors.ts';
import type { StreamInput } from '../stream-input.ts';

/** The ones with a meaning of their own. */
const CHECKSUM_WRONG = 22;
const MEMORY_ALLOCATION = 64;

export function zstdError(number: number, input: StreamInput): ImageError {
  if (number === CHECKSUM_WRONG) {
    return input.error('corrupt', 'zstd/bad-checksum', 'the zstd checksum does not match the expanded bytes');
  }
  if (number === MEMORY_ALLOCATION) {
    return input.error('limit', 'zstd/memory', 'the zstd decoder has no memory for the window of the frame');
  }
  return input.error('corrupt', 'zstd/bad-data', `the zstd data before this place are damaged (zstd error ${number})`);
}
