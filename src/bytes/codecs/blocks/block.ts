/**
 * Compressed blocks inside file systems: short, whole in memory, without a checksum of their own. A decoder is a synchronous
 * function of the block and the size it may have expanded.
 */
import { ImageError } from '../../../errors.ts';

export interface BlockOptions {
  /**
   * Stop when `maxOutput` bytes are there, instead of refusing a block that holds more: erofs stores extents longer than it
   * refers to.
   */
  readonly partial?: boolean;
}

/**
 * The expanded block, at most `maxOutput` bytes, as memory of its own. ImageError `corrupt` if the block is damaged, cut off or
 * expands to more. It knows no location: the caller knows what the block is.
 */
export type BlockDecoder = (input: Uint8Array, maxOutput: number, options?: BlockOptions) => Uint8Array;

/** The error for a block that is damaged. */
export function badBlock(format: string, what: string): ImageError {
  return new ImageError('corrupt', `${format}/bad-block`, `a block compressed with ${format} is damaged: ${what}`);
}
