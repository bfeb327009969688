/**
 * The frames of a zstd stream (RFC 8878), one at a time: header and block headers are walked here, so that a library is given
 * exactly one frame, never more or less than the stream has.
 */
import { MIN_STORED } from '../../beside/stored-runs.ts';
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';
import {
  BLOCK_HEADER_BYTES,
  bareHeader,
  CHECKSUM_BYTES,
  type FrameHeader,
  isSkippable,
  MAX_BLOCK,
  parseBlockHeader,
  peekMagic,
  readChecksum,
  readFrameHeader,
  skipFrame,
} from './frame-header.ts';
import { FRAME_MAGIC } from './frame-magic.ts';

/** Blocks are given out in batches of about this many bytes. */
const BATCH = 512 * 1024;
/** No batch is longer. */
export const MAX_BATCH = BATCH + MAX_BLOCK;

/** Gives memory for a batch, of `MAX_BATCH` bytes: what it held before may be overwritten, or have moved. */
export type BatchMemory = () => Uint8Array;

export interface ScanOptions extends Pick<CodecOptions, 'onTrailing'> {
  /** The frames are given without their checksums, which another verifies, and without most of their zeroes. */
  readonly leaveChecksums?: boolean;
  /** Called before the output of a block that stands in the input as it is and is long: with its offset there. That output is one chunk. */
  readonly onStored?: (offset: number) => void;
}

export interface Frame {
  /** The whole frame, front to back. Each batch is valid until the next. */
  readonly batches: Iterable<Batch>;
  /** Holds the size of what the frame expanded to against its header. ImageError `corrupt`. */
  checkSize(produced: number): void;
}

export interface Batch {
  /** Bytes at the start of the memory. */
  readonly length: number;
  /** Whether the frame ends with it. */
  readonly isLast: boolean;
  /** So many zeroes follow its output, of which the decoder need not know. */
  readonly zeroes: number;
  /** Offset in the input of its output, where it is one block that stands there as it is. */
  readonly stored?: number;
}

/** The frames up to the end of the input, put into `memory`; the batches of each must be taken before the next is asked for. */
export function* scanFrames(input: StreamInput, memory: BatchMemory, options: ScanOptions): Generator<Frame> {
  for (;;) {
    const magic = peekMagic(input);
    if (magic === FRAME_MAGIC) yield scanFrame(input, memory, options);
    else if (magic !== undefined && isSkippable(magic)) skipFrame(input);
    else break;
  }
  endStream(input, options, 'zstd');
}

function scanFrame(input: StreamInput, memory: BatchMemory, options: ScanOptions): Frame {
  const start = input.position;
  const header = readFrameHeader(input);
  const { contentSize } = header;
  return {
    batches: options.leaveChecksums
      ? readBareBatches(input, header, memory, options)
      : readBatches(input, header, memory),
    checkSize(produced) {
      if (contentSize === undefined || contentSize === produced) return;
      const message = `the zstd frame says ${contentSize} bytes and holds ${produced}`;
      throw input.error('corrupt', 'zstd/bad-size', message, start);
    },
  };
}

/**
 * All but the checksum and the zeroes that change nothing: a run of them behind a whole window of them leaves the decoder as it was.
 * The frame must not tell its size then.
 */
function* readBareBatches(
  input: StreamInput,
  header: FrameHeader,
  memory: BatchMemory,
  { onStored }: ScanOptions,
): Generator<Batch> {
  const bare = bareHeader(header);
  const leaveZeroes = bare.bytes.length < header.bytes.length;
  yield* readBatches(input, bare, memory, { leaveZeroes, partStored: onStored !== undefined });
  if (header.hasChecksum) readChecksum(input);
}

interface BatchOptions {
  readonly leaveZeroes: boolean;
  /** Long stored blocks are batches of their own. */
  readonly partStored: boolean;
}

const whole: BatchOptions = { leaveZeroes: false, partStored: false };

function* readBatches(
  input: StreamInput,
  header: FrameHeader,
  memory: BatchMemory,
  { leaveZeroes, partStored } = whole,
): Generator<Batch> {
  let buffer = memory();
  buffer.set(header.bytes);
  let filled = header.bytes.length;
  /** Zeroes at the end of what the decoder has been given, and those left out behind it. */
  let given = 0;
  let zeroes = 0;
  for (let isLast = false; !isLast; ) {
    const head = input.peek(BLOCK_HEADER_BYTES + 1);
    const { last, length, run, isStored } = parseBlockHeader(head, header.maxBlock, input);
    const isZeroes = run > 0 && head[BLOCK_HEADER_BYTES] === 0;
    if (leaveZeroes && isZeroes && !last && given >= header.window) {
      input.skip(BLOCK_HEADER_BYTES + length, 'a zstd block');
      zeroes += run;
      continue;
    }
    const stored = partStored && isStored && length >= MIN_STORED ? input.position + BLOCK_HEADER_BYTES : undefined;
    if (zeroes > 0 || (stored !== undefined && filled > 0)) {
      yield { length: filled, isLast: false, zeroes };
      buffer = memory();
      filled = 0;
      zeroes = 0;
    }
    given = isZeroes ? given + run : 0;
    isLast = last;
    const end = filled + BLOCK_HEADER_BYTES + length + (last && header.hasChecksum ? CHECKSUM_BYTES : 0);
    if (end - filled > input.remaining) throw input.truncated('a zstd block');
    while (filled < end) {
      const part = input.some(end - filled);
      buffer.set(part, filled);
      filled += part.length;
    }
    if (stored === undefined && !isLast && filled < BATCH) continue;
    yield { length: filled, isLast, zeroes, ...(stored === undefined ? {} : { stored }) };
    buffer = memory();
    filled = 0;
  }
}
