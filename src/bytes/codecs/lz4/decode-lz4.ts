/**
 * LZ4 frames (lz4_Frame_format.md): frames, skippable and legacy frames in a row; blocks linked or independent, stored or packed;
 * header, block and content checksums and the content size verified. Dictionaries are refused by their id.
 */
import { XxHash32, xxHash32 } from '../../checksums/xxhash32.ts';
import { safeInteger } from '../../struct.ts';
import { decodeLz4Into } from '../blocks/lz4.ts';
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';
import { FRAME_MAGIC, LEGACY_MAGIC, SKIPPABLE_MAGIC } from './frame-magic.ts';

/** How far a match may reach back, also into the block before. */
const WINDOW = 64 * 1024;
/** Bytes a legacy block expands to; all but the last do. */
const LEGACY_BLOCK = 8 * 1024 * 1024;
/** The most that 8 MiB may take when they do not compress. */
const LEGACY_INPUT = LEGACY_BLOCK + Math.floor(LEGACY_BLOCK / 255) + 16;
const STORED = 0x80000000;

interface FrameHeader {
  readonly linked: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
  readonly contentSize: number | undefined;
  readonly maxBlock: number;
}

/** A Decoder for LZ4. */
export function* decodeLz4Stream(input: StreamInput, options: CodecOptions): Generator<Uint8Array> {
  for (;;) {
    const magic = peekMagic(input);
    if (magic === undefined || !isMagic(magic)) break;
    input.skip(4, 'an lz4 frame');
    if (magic === FRAME_MAGIC) yield* decodeFrame(input);
    else if (magic === LEGACY_MAGIC) yield* decodeLegacy(input);
    else input.skip(input.u32le('a skippable lz4 frame'), 'a skippable lz4 frame');
  }
  endStream(input, options, 'lz4');
}

function peekMagic(input: StreamInput): number | undefined {
  const bytes = input.peek(4);
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function isMagic(word: number): boolean {
  return word === FRAME_MAGIC || word === LEGACY_MAGIC || (word & 0xfffffff0) === SKIPPABLE_MAGIC;
}

function* decodeFrame(input: StreamInput): Generator<Uint8Array> {
  const header = readHeader(input);
  const hash = new XxHash32();
  // The window of a linked block stands in front of it.
  const buffer = new Uint8Array(WINDOW + header.maxBlock);
  let history = 0;
  let produced = 0;
  for (;;) {
    const word = input.u32le('an lz4 frame');
    if (word === 0) break;
    const block = readBlock(input, header, word % STORED);
    const start = WINDOW;
    let end = start + block.length;
    if (word >= STORED) buffer.set(block, start);
    else end = WINDOW - history + decodeLz4Into(block, buffer.subarray(WINDOW - history), history);
    const output = buffer.subarray(start, end);
    if (header.contentChecksum) hash.update(output);
    produced += output.length;
    yield output;
    if (!header.linked) continue;
    history = Math.min(WINDOW, history + output.length);
    buffer.copyWithin(WINDOW - history, end - history, end);
  }
  if (header.contentSize !== undefined && header.contentSize !== produced) {
    throw input.error(
      'corrupt',
      'lz4/bad-size',
      `the lz4 frame says ${header.contentSize} bytes and holds ${produced}`,
    );
  }
  if (header.contentChecksum && input.u32le('an lz4 frame') !== hash.digest()) {
    throw input.error('corrupt', 'lz4/bad-checksum', 'the lz4 checksum does not match the expanded bytes');
  }
}

function readHeader(input: StreamInput): FrameHeader {
  const start = input.position;
  const what = 'an lz4 frame header';
  const [flags = 0, descriptor = 0] = input.peek(2);
  const hasSize = (flags & 8) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  const length = 2 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  const bytes = input.take(length + 1, what);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (((xxHash32(bytes.subarray(0, length)) >>> 8) & 0xff) !== bytes[length]) {
    throw input.error('corrupt', 'lz4/bad-header', 'the checksum of an lz4 frame header does not match', start);
  }
  if (flags >> 6 !== 1 || flags & 2 || descriptor & 0x8f || descriptor >> 4 < 4) {
    throw input.error('unsupported', 'lz4/flags', 'an lz4 frame is of a newer version', start);
  }
  if (hasDictionary) {
    const id = view.getUint32(length - 4, true);
    throw input.error('unsupported', 'lz4/dictionary', `the lz4 frame needs the dictionary ${id}`, start);
  }
  return {
    linked: (flags & 0x20) === 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 4) !== 0,
    contentSize: hasSize ? safeInteger(view.getUint32(2, true), view.getUint32(6, true)) : undefined,
    maxBlock: 4 ** (descriptor >> 4) * 256,
  };
}

function readBlock(input: StreamInput, header: FrameHeader, length: number): Uint8Array {
  const start = input.position;
  if (length > header.maxBlock) {
    throw input.error('corrupt', 'lz4/bad-block', `an lz4 block of ${length} bytes is over the frame's maximum`, start);
  }
  const block = input.copy(length, 'an lz4 block');
  if (header.blockChecksums && input.u32le('an lz4 block') !== xxHash32(block)) {
    throw input.error('corrupt', 'lz4/bad-checksum', 'the checksum of an lz4 block does not match', start);
  }
  return block;
}

/** A legacy frame has neither header nor end: blocks go on up to the end of the input or the next magic number. */
function* decodeLegacy(input: StreamInput): Generator<Uint8Array> {
  const buffer = new Uint8Array(LEGACY_BLOCK);
  for (;;) {
    const word = peekMagic(input);
    if (word === undefined || isMagic(word) || word > LEGACY_INPUT) return;
    input.skip(4, 'an lz4 block');
    const end = decodeLz4Into(input.copy(word, 'an lz4 block'), buffer, 0);
    yield buffer.subarray(0, end);
    if (end < LEGACY_BLOCK) return;
  }
}
