/**
 * The frames of a zstd stream (RFC 8878), one at a time: header and block headers are walked here, so that a library is given
 * exactly one frame, never more or less than the stream has.
 */
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';
import { type Batch, type BatchMemory, readBatches } from './batches.ts';
import {
  bareHeader,
  type FrameHeader,
  isSkippable,
  peekMagic,
  readChecksum,
  readFrameHeader,
  skipFrame,
} from './frame-header.ts';
import { FRAME_MAGIC } from './frame-magic.ts';

const whole = { leaveOut: false, partStored: false };

export interface ScanOptions extends Pick<CodecOptions, 'onTrailing'> {
  /** The frames are given without their checksums, which another verifies, and without what no block refers to. */
  readonly leaveChecksums?: boolean;
  /** Called for output that stands in the input as it is, instead of giving it out, if it is long: with its offset there. */
  readonly onStored?: (offset: number, length: number) => void;
}

export interface Frame {
  /** The whole frame, front to back. */
  readonly batches: Iterable<Batch>;
  /** Holds the size of what the frame expanded to against its header. ImageError `corrupt`. */
  checkSize(produced: number): void;
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
      : readBatches(input, header, memory, whole),
    checkSize(produced) {
      if (contentSize === undefined || contentSize === produced) return;
      const message = `the zstd frame says ${contentSize} bytes and holds ${produced}`;
      throw input.error('corrupt', 'zstd/bad-size', message, start);
    },
  };
}

/** All but the checksum and what the decoder can do without, where that does not contradict the header. */
function* readBareBatches(
  input: StreamInput,
  header: FrameHeader,
  memory: BatchMemory,
  { onStored }: ScanOptions,
): Generator<Batch> {
  const bare = bareHeader(header);
  const leaveOut = bare.bytes.length < header.bytes.length;
  yield* readBatches(input, bare, memory, { leaveOut, partStored: onStored !== undefined });
  if (header.hasChecksum) readChecksum(input);
}
