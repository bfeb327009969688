/**
 * Zstandard (RFC 8878): frames and skippable frames in a row. This scanner walks headers and blocks and gives the library
 * exactly one frame at a time, so that it never sees more or less than the stream has; the library verifies XXH64.
 */
import type { ImageError } from '../../../errors.ts';
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';
import {
  FRAME_MAGIC,
  type FrameHeader,
  isSkippable,
  MAX_BLOCK,
  parseBlockHeader,
  readFrameHeader,
} from './frame-header.ts';
import { loadZstd, ZstdContext, type ZstdExports } from './zstd-module.ts';

/** Blocks are given to the library in batches of about this many bytes. */
const INPUT = 512 * 1024;
const OUTPUT = 512 * 1024;

/** zstd_errors.h, the ones with a meaning of their own. */
const CHECKSUM_WRONG = 22;
const MEMORY_ALLOCATION = 64;

/** A Decoder for zstd. */
export async function* decodeZstd(input: StreamInput, options: CodecOptions): AsyncGenerator<Uint8Array> {
  const context = createZstdContext(await loadZstd());
  try {
    yield* decodeFrames(input, context, options);
  } finally {
    context.free();
  }
}

/** A context with buffers of the size that `decodeFrames` works with. */
export function createZstdContext(zstd: ZstdExports): ZstdContext {
  return new ZstdContext(zstd, INPUT + MAX_BLOCK, OUTPUT);
}

/** The frames up to the end of the input; `context` must stand at the start of a frame, and does so again at the end. */
export function* decodeFrames(input: StreamInput, context: ZstdContext, options: CodecOptions): Generator<Uint8Array> {
  for (;;) {
    const magic = peekMagic(input);
    if (magic === FRAME_MAGIC) yield* decodeFrame(input, context);
    else if (magic !== undefined && isSkippable(magic)) skipFrame(input);
    else break;
  }
  endStream(input, options, 'zstd');
}

function peekMagic(input: StreamInput): number | undefined {
  const bytes = input.peek(4);
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function skipFrame(input: StreamInput): void {
  const what = 'a skippable zstd frame';
  input.take(4, what);
  input.skip(input.u32le(what), what);
}

function* decodeFrame(input: StreamInput, context: ZstdContext): Generator<Uint8Array> {
  const start = input.position;
  const header = readFrameHeader(input);
  let produced = 0;
  let filled = header.bytes.length;
  context.fill(header.bytes, 0);
  for (let last = false; !last; ) {
    const block = takeBlock(input, header, context, filled);
    filled = block.filled;
    last = block.last;
    if (!last && filled < INPUT) continue;
    for (const chunk of decodeBatch(input, context, filled, last)) {
      produced += chunk.length;
      yield chunk;
    }
    filled = 0;
  }
  if (header.contentSize !== undefined && header.contentSize !== produced) {
    throw input.error(
      'corrupt',
      'zstd/bad-size',
      `the zstd frame says ${header.contentSize} bytes and holds ${produced}`,
      start,
    );
  }
}

/** Moves the next block, and the checksum behind the last one, into the library's input buffer. */
function takeBlock(
  input: StreamInput,
  header: FrameHeader,
  context: ZstdContext,
  at: number,
): { filled: number; last: boolean } {
  const what = 'a zstd block';
  let filled = at;
  const move = (length: number): void => {
    if (length > input.remaining) throw input.truncated(what);
    for (let rest = length; rest > 0; ) {
      const part = input.some(rest);
      context.fill(part, filled);
      filled += part.length;
      rest -= part.length;
    }
  };
  const { last, length } = parseBlockHeader(input.peek(3), header.maxBlock, input);
  move(3 + length);
  if (last && header.hasChecksum) move(4);
  return { filled, last };
}

/** Decodes the input buffer up to `filled`; `last` when the frame ends there. */
function* decodeBatch(input: StreamInput, context: ZstdContext, filled: number, last: boolean): Generator<Uint8Array> {
  let at = 0;
  for (;;) {
    const step = context.step(at, filled);
    if (typeof step === 'number') throw zstdError(step, input);
    at += step.consumed;
    if (step.output.length > 0) yield step.output;
    if (step.done && last && at === filled) return;
    if (step.done) throw input.error('corrupt', 'zstd/bad-frame', 'a zstd frame ends before its last block');
    // A full output buffer may hide more; anything less means the library has used up its input.
    if (step.output.length === OUTPUT) continue;
    if (at === filled && !last) return;
    if (step.consumed === 0 && step.output.length === 0) {
      throw input.error('corrupt', 'zstd/bad-frame', 'a zstd frame does not end with its last block');
    }
  }
}

/** The error for a number of zstd_errors.h. */
function zstdError(number: number, input: StreamInput): ImageError {
  if (number === CHECKSUM_WRONG) {
    return input.error('corrupt', 'zstd/bad-checksum', 'the zstd checksum does not match the expanded bytes');
  }
  if (number === MEMORY_ALLOCATION) {
    return input.error('limit', 'zstd/memory', 'the zstd decoder has no memory for the window of the frame');
  }
  return input.error('corrupt', 'zstd/bad-data', `the zstd data before this place are damaged (zstd error ${number})`);
}
