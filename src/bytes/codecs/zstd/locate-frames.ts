/**
 * The zstd frames in a row, by their headers alone: what is between is passed over unread. It answers only for a stream without any
 * fault in its structure; decoding it names the faults.
 */
import { ImageError } from '../../../errors.ts';
import type { ByteSource } from '../../byte-source.ts';
import { StreamInput } from '../stream-input.ts';
import {
  type FrameHeader,
  isSkippable,
  peekMagic,
  readChecksum,
  readFrameHeader,
  skipBlocks,
  skipFrame,
} from './frame-header.ts';
import { FRAME_MAGIC } from './frame-magic.ts';

/** Holds a frame header, or some block headers of runs. */
const WINDOW = 64;
/** A stream of more is decoded before it is read: nobody makes an image so, and a list of them would take memory. */
const MAX_FRAMES = 64 * 1024;
/** Blocks of a frame that are looked at before it is taken for the last. Frames of seekable streams are shorter. */
const MANY_BLOCKS = 64;

export interface FramePlace {
  /** Bytes that it expands to. */
  readonly size: number;
  /** The low 32 bits of their XXH64, where it is stored. */
  readonly checksum: number | undefined;
  /** Offset in the stream of what follows the frame. */
  readonly end: number;
}

/** All frames. Undefined if one does not tell its size, if the stream is damaged, cut off, or followed by other bytes. */
export function locateFrames(source: ByteSource): readonly FramePlace[] | undefined {
  const frames: FramePlace[] = [];
  const isSound = walkFrames(source, (input, { contentSize, hasChecksum, maxBlock }) => {
    if (contentSize === undefined || frames.length === MAX_FRAMES) return 'fault';
    skipBlocks(input, maxBlock);
    const checksum = hasChecksum ? readChecksum(input) : undefined;
    frames.push({ size: contentSize, checksum, end: input.position });
    return 'next';
  });
  return isSound ? frames : undefined;
}

export interface StreamSize {
  /** Bytes that the stream expands to, if what was not looked at is one frame. */
  readonly size: number;
  readonly hasChecksums: boolean;
}

/** A guess by the first headers, for `locateFrames` to confirm: a large image has a thousand blocks, each a read. Undefined as there. */
export function guessSize(source: ByteSource): StreamSize | undefined {
  let size = 0;
  let frames = 0;
  let hasChecksums = false;
  const isSound = walkFrames(source, (input, header) => {
    if (header.contentSize === undefined || frames++ === MAX_FRAMES) return 'fault';
    size += header.contentSize;
    hasChecksums ||= header.hasChecksum;
    if (!skipBlocks(input, header.maxBlock, MANY_BLOCKS)) return 'enough';
    if (header.hasChecksum) readChecksum(input);
    return 'next';
  });
  return isSound && Number.isSafeInteger(size) ? { size, hasChecksums } : undefined;
}

/** Calls `visit` behind the header of each frame, until it has enough. Whether no fault was met. */
function walkFrames(
  source: ByteSource,
  visit: (input: StreamInput, header: FrameHeader) => 'next' | 'enough' | 'fault',
): boolean {
  const input = new StreamInput(source, undefined, WINDOW);
  try {
    while (input.remaining > 0) {
      const magic = peekMagic(input);
      if (magic !== undefined && isSkippable(magic)) {
        skipFrame(input);
        continue;
      }
      if (magic !== FRAME_MAGIC) return false;
      const next = visit(input, readFrameHeader(input));
      if (next !== 'next') return next === 'enough';
    }
    return true;
  } catch (error) {
    if (error instanceof ImageError) return false;
    throw error;
  }
}
