/** Zstandard frame and block headers (RFC 8878, sections 3.1.1 and 3.1.2). */
import { safeInteger } from '../../struct.ts';
import type { StreamInput } from '../stream-input.ts';

/** Skippable frames have any of sixteen magic numbers from here. */
const SKIPPABLE_MAGIC = 0x184d2a50;
/** What the zstd command takes without --long or --memory. */
const MAX_WINDOW = 128 * 1024 * 1024;
export const MAX_BLOCK = 128 * 1024;

export const BLOCK_HEADER_BYTES = 3;
export const CHECKSUM_BYTES = 4;
/** Where the descriptor of a frame is, and its bits. */
const DESCRIPTOR = 4;
const CHECKSUM_FLAG = 4;
const RESERVED_FLAG = 8;
const SINGLE_SEGMENT_FLAG = 0x20;

const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

export interface FrameHeader {
  /** As it stands in the stream, magic included; a view of the input. */
  readonly bytes: Uint8Array;
  readonly contentSize: number | undefined;
  readonly hasChecksum: boolean;
  /** How far back a block may refer. */
  readonly window: number;
  readonly maxBlock: number;
}

export interface BlockHeader {
  readonly last: boolean;
  /** Bytes of the block in the stream, behind its header. */
  readonly length: number;
  /** How often the one byte of a run is repeated; 0 for other blocks. */
  readonly run: number;
  /** Whether the block stands in the stream as it is. */
  readonly isStored: boolean;
}

export function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) === SKIPPABLE_MAGIC;
}

/** The magic number at the input, undefined at its end. */
export function peekMagic(input: StreamInput): number | undefined {
  const bytes = input.peek(4);
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** Passes over the skippable frame at the input. */
export function skipFrame(input: StreamInput): void {
  const what = 'a skippable zstd frame';
  input.take(4, what);
  input.skip(input.u32le(what), what);
}

/** Passes over the blocks of a frame, at most so many; whether the last of the frame was among them. */
export function skipBlocks(input: StreamInput, maxBlock: number, most = Number.POSITIVE_INFINITY): boolean {
  const what = 'a zstd block';
  for (let passed = 0; passed < most; passed++) {
    const { last, length } = parseBlockHeader(input.take(BLOCK_HEADER_BYTES, what), maxBlock, input);
    input.skip(length, what);
    if (last) return true;
  }
  return false;
}

/** The checksum at the input, behind the last block. */
export function readChecksum(input: StreamInput): number {
  return input.u32le('the checksum of a zstd frame');
}

/** The header of the same frame without a checksum and, unless it takes the place of the window, without the size of the content. */
export function bareHeader(header: FrameHeader): FrameHeader {
  const { bytes } = header;
  const descriptor = bytes[DESCRIPTOR] as number;
  const isSingle = (descriptor & SINGLE_SEGMENT_FLAG) !== 0;
  const bare = isSingle ? bytes.slice() : bytes.slice(0, DESCRIPTOR + 2);
  bare[DESCRIPTOR] = isSingle ? descriptor & ~CHECKSUM_FLAG : 0;
  return { ...header, bytes: bare, hasChecksum: false };
}

/** The header of the frame at the input, which has already been told by its magic. Refuses dictionaries and huge windows. */
export function readFrameHeader(input: StreamInput): FrameHeader {
  const start = input.position;
  const what = 'a zstd frame header';
  const descriptor = input.peek(5)[DESCRIPTOR];
  if (descriptor === undefined) throw input.truncated(what);
  if (descriptor & RESERVED_FLAG)
    throw input.error('corrupt', 'zstd/reserved-bit', 'a reserved bit of a zstd frame is set');
  const singleSegment = (descriptor & SINGLE_SEGMENT_FLAG) !== 0;
  const windowBytes = singleSegment ? 0 : 1;
  const idBytes = DICTIONARY_ID_BYTES[descriptor & 3] as number;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 && singleSegment ? 1 : (CONTENT_SIZE_BYTES[sizeFlag] as number);
  const bytes = input.take(5 + windowBytes + idBytes + sizeBytes, what).slice();
  const id = littleEndian(bytes, 5 + windowBytes, idBytes);
  if (id !== 0) {
    throw input.error('unsupported', 'zstd/dictionary', `the zstd frame needs the dictionary ${id}`, start);
  }
  const stored = littleEndian(bytes, 5 + windowBytes + idBytes, sizeBytes);
  const contentSize = sizeBytes === 0 ? undefined : sizeBytes === 2 ? stored + 256 : stored;
  const window = singleSegment ? (contentSize ?? 0) : windowSize(bytes[5] as number);
  if (window > MAX_WINDOW) {
    throw input.error(
      'limit',
      'zstd/window',
      `the zstd frame needs a window of ${window} bytes, at most ${MAX_WINDOW} (--long=27) are given`,
      start,
    );
  }
  const hasChecksum = (descriptor & CHECKSUM_FLAG) !== 0;
  return { bytes, contentSize, hasChecksum, window, maxBlock: Math.min(MAX_BLOCK, window) };
}

/** The three bytes before a block. */
export function parseBlockHeader(bytes: Uint8Array, maxBlock: number, input: StreamInput): BlockHeader {
  const header = littleEndian(bytes, 0, 3);
  const type = (header >> 1) & 3;
  const size = header >> 3;
  if (type === 3) throw input.error('corrupt', 'zstd/bad-block', 'a zstd block has the reserved type');
  if (size > maxBlock) {
    throw input.error('corrupt', 'zstd/bad-block', `a zstd block of ${size} bytes is over its maximum of ${maxBlock}`);
  }
  const isRun = type === 1;
  return { last: (header & 1) === 1, length: isRun ? 1 : size, run: isRun ? size : 0, isStored: type === 0 };
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[at + i] as number;
    if (i < 4) low += byte * 2 ** (8 * i);
    else high += byte * 2 ** (8 * (i - 4));
  }
  return safeInteger(low, high);
}
