/**
 * The size that zstd frames in a row expand to, by their headers alone: what is between is passed over unread. It answers only for
 * a stream without any fault in its structure; decoding it names the faults.
 */
import { ImageError } from '../../../errors.ts';
import type { ByteSource } from '../../byte-source.ts';
import { StreamInput } from '../stream-input.ts';
import {
  FRAME_MAGIC,
  type FrameHeader,
  isSkippable,
  peekMagic,
  readFrameHeader,
  skipBlocks,
  skipFrame,
} from './frame-header.ts';

/** Holds a frame header, or some block headers of runs. */
const WINDOW = 64;

/** Undefined if a frame does not tell its size, if the stream is damaged, cut off, or followed by other bytes. */
export function measureFrames(source: ByteSource): number | undefined {
  const input = new StreamInput(source, undefined, WINDOW);
  let size = 0;
  try {
    while (input.remaining > 0) {
      const magic = peekMagic(input);
      if (magic !== undefined && isSkippable(magic)) {
        skipFrame(input);
        continue;
      }
      if (magic !== FRAME_MAGIC) return undefined;
      const header: FrameHeader = readFrameHeader(input);
      if (header.contentSize === undefined) return undefined;
      skipBlocks(input, header);
      size += header.contentSize;
    }
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
  return Number.isSafeInteger(size) ? size : undefined;
}
