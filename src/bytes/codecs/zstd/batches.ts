/**
 * The blocks of a zstd frame in batches for a decoder. A block may refer to a window of what lies before it, and to nothing else: where
 * a long run of zeroes, or of blocks that stand in the stream as they are, fills the window, the decoder is not given what comes before
 * it, and its output is told instead.
 */
import { MIN_STORED } from '../../beside/stored-runs.ts';
import type { StreamInput } from '../stream-input.ts';
import { BLOCK_HEADER_BYTES, CHECKSUM_BYTES, type FrameHeader, MAX_BLOCK, parseBlockHeader } from './frame-header.ts';

/** Blocks are given out in batches of about this many bytes. */
const BATCH = 512 * 1024;
/** No batch is longer: a block, with what is around it, behind nearly as many. */
export const MAX_BATCH = BATCH + BLOCK_HEADER_BYTES + MAX_BLOCK + CHECKSUM_BYTES;

/** Gives memory for a batch, of `MAX_BATCH` bytes: what it held before may be overwritten, or have moved. */
export type BatchMemory = () => Uint8Array;

/** Part of a frame, or of what it expands to; each is valid until the next. */
export type Batch =
  /** Bytes at the start of the memory, for the decoder, and whether the frame ends with them. */
  | { readonly kind: 'data'; readonly length: number; readonly isLast: boolean }
  /** The same, but their output has been told. */
  | { readonly kind: 'window'; readonly length: number; readonly isLast: false }
  /** Output that is zeroes. */
  | { readonly kind: 'zeroes'; readonly length: number }
  /** Output that stands in the input. */
  | ({ readonly kind: 'stored' } & StoredBlock);

export interface StoredBlock {
  /** In the input. */
  readonly offset: number;
  readonly length: number;
}

export interface BatchOptions {
  /** Whether the decoder need not know of what no block can refer to. The frame must not tell its size then. */
  readonly leaveOut: boolean;
  /** Whether stored blocks, if they are long, are told as such. */
  readonly partStored: boolean;
}

export function* readBatches(
  input: StreamInput,
  header: FrameHeader,
  memory: BatchMemory,
  { leaveOut, partStored }: BatchOptions,
): Generator<Batch> {
  const { window, maxBlock } = header;
  let buffer = memory();
  buffer.set(header.bytes);
  let filled = header.bytes.length;
  /** Zeroes at the end of what the decoder has been given, and those left out behind it. */
  let given = 0;
  let zeroes = 0;
  /** Of the stored blocks at the end of what was told, those that the next block can refer to. */
  const stored = new StoredTail(leaveOut ? window : Number.POSITIVE_INFINITY);
  for (let isLast = false; !isLast; ) {
    const head = input.peek(BLOCK_HEADER_BYTES + 1);
    const { last, length, run, isStored } = parseBlockHeader(head, maxBlock, input);
    const isZeroes = run > 0 && head[BLOCK_HEADER_BYTES] === 0;
    const isLeft = leaveOut && isZeroes && !last && given >= window;
    const isTold = partStored && isStored && !last && length >= MIN_STORED;
    if (filled > 0 && (isLeft || isTold || filled >= BATCH)) {
      yield { kind: 'data', length: filled, isLast: false };
      buffer = memory();
      filled = 0;
    }
    if (isLeft) {
      input.skip(BLOCK_HEADER_BYTES + length, 'a zstd block');
      zeroes += run;
      continue;
    }
    if (zeroes > 0) {
      yield { kind: 'zeroes', length: zeroes };
      zeroes = 0;
    }
    given = isZeroes ? given + run : 0;
    if (isTold) {
      const block = { offset: input.position + BLOCK_HEADER_BYTES, length };
      input.skip(BLOCK_HEADER_BYTES + length, 'a zstd block');
      yield { kind: 'stored', ...block };
      stored.push(block);
      continue;
    }
    if (stored.blocks.length > 0) {
      const next = input.position;
      for (const block of stored.take()) {
        input.seek(block.offset - BLOCK_HEADER_BYTES);
        yield { kind: 'window', length: input.fill(memory(), BLOCK_HEADER_BYTES + block.length), isLast: false };
      }
      input.seek(next);
      buffer = memory();
    }
    isLast = last;
    const bytes = BLOCK_HEADER_BYTES + length + (last && header.hasChecksum ? CHECKSUM_BYTES : 0);
    if (bytes > input.remaining) throw input.truncated('a zstd block');
    filled += input.fill(buffer.subarray(filled), bytes);
  }
  yield { kind: 'data', length: filled, isLast: true };
}

/** The latest blocks of a row, as many as fill a window. */
class StoredTail {
  readonly blocks: StoredBlock[] = [];
  readonly #window: number;
  #bytes = 0;

  constructor(window: number) {
    this.#window = window;
  }

  push(block: StoredBlock): void {
    this.blocks.push(block);
    this.#bytes += block.length;
    for (let [first] = this.blocks; first && this.#bytes - first.length >= this.#window; [first] = this.blocks) {
      this.#bytes -= first.length;
      this.blocks.shift();
    }
  }

  /** All of them, which are gone then. */
  take(): readonly StoredBlock[] {
    this.#bytes = 0;
    return this.blocks.splice(0);
  }
}
