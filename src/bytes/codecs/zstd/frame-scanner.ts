/**
 * The frames of a zstd stream (RFC 8878), one at a time: header and block headers are walked here, so that a library is given
 * exactly one frame, never more or less than the stream has.
 */
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';
import {
  BLOCK_HEADER_BYTES,
  CHECKSUM_BYTES,
  FRAME_MAGIC,
  type FrameHeader,
  isSkippable,
  MAX_BLOCK,
  parseBlockHeader,
  peekMagic,
  readFrameHeader,
  skipFrame,
} from './frame-header.ts';

/** Blocks are given out in batches of about this many bytes. */
const BATCH = 512 * 1024;
/** No batch is longer. */
export const MAX_BATCH = BATCH + MAX_BLOCK;

export interface Frame {
  readonly header: FrameHeader;
  /** The whole frame, front to back. Each batch is valid until the next. */
  readonly batches: Iterable<Batch>;
  /** Holds the size of what the frame expanded to against its header. ImageError `corrupt`. */
  checkSize(produced: number): void;
}

export interface Batch {
  readonly bytes: Uint8Array;
  /** Whether the frame ends with it. */
  readonly isLast: boolean;
}

/** The frames up to the end of the input; the batches of each must be taken before the next is asked for. */
export function* scanFrames(input: StreamInput, options: Pick<CodecOptions, 'onTrailing'>): Generator<Frame> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(MAX_BATCH, input.size));
  for (;;) {
    const magic = peekMagic(input);
    if (magic === FRAME_MAGIC) yield scanFrame(input, buffer);
    else if (magic !== undefined && isSkippable(magic)) skipFrame(input);
    else break;
  }
  endStream(input, options, 'zstd');
}

function scanFrame(input: StreamInput, buffer: Uint8Array): Frame {
  const start = input.position;
  const header = readFrameHeader(input);
  const { contentSize } = header;
  return {
    header,
    batches: readBatches(input, header, buffer),
    checkSize(produced) {
      if (contentSize === undefined || contentSize === produced) return;
      const message = `the zstd frame says ${contentSize} bytes and holds ${produced}`;
      throw input.error('corrupt', 'zstd/bad-size', message, start);
    },
  };
}

function* readBatches(input: StreamInput, header: FrameHeader, buffer: Uint8Array): Generator<Batch> {
  buffer.set(header.bytes);
  let filled = header.bytes.length;
  for (let isLast = false; !isLast; ) {
    const { last, length } = parseBlockHeader(input.peek(BLOCK_HEADER_BYTES), header.maxBlock, input);
    isLast = last;
    const end = filled + BLOCK_HEADER_BYTES + length + (last && header.hasChecksum ? CHECKSUM_BYTES : 0);
    if (end - filled > input.remaining) throw input.truncated('a zstd block');
    while (filled < end) {
      const part = input.some(end - filled);
      buffer.set(part, filled);
      filled += part.length;
    }
    if (!isLast && filled < BATCH) continue;
    yield { bytes: buffer.subarray(0, filled), isLast };
    filled = 0;
  }
}
