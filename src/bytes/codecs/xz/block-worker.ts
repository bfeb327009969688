/** The worker thread for xz blocks: decodes the one that is waited for, else one that is likely to be next, straight into the file. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { ImageError } from '../../../errors.ts';
import type { DecoderJob } from '../../beside/beside-source.ts';
import { openDecoderThread } from '../../beside/decoder-thread.ts';
import { findData, temporaryFileError } from '../../sparse-file.ts';
import { StreamInput } from '../stream-input.ts';
import { DecoderKeeper, decodeBlock } from './decode-xz.ts';
import type { BlockPlace } from './locate-blocks.ts';
import { IndexCheck } from './stream-format.ts';

const BUFFER = 1024 * 1024;
/** A block that packs better than this is nothing but zeroes, which nobody looks for. */
const EMPTY_RATIO = 1000;

const {
  board,
  input,
  output,
  task: places,
  fail,
} = openDecoderThread(workerData as DecoderJob<readonly BlockPlace[]>, parentPort);
const stream = new StreamInput(input);
const buffer = new Uint8Array(BUFFER);
const decoders = new DecoderKeeper();

for (;;) {
  const { turn, wanted } = board;
  const piece = wanted === undefined ? undefined : takeFrom(wanted);
  if (piece === undefined) board.rest(turn);
  else decodePiece(piece);
}

/**
 * The block that the reader waits for, else the first behind it that holds anything. Only while it waits: so one thread is always
 * ready for what it asks for next.
 */
function takeFrom(wanted: number): number | undefined {
  if (board.take(wanted)) return wanted;
  for (let piece = wanted + 1; piece < places.length; piece++) {
    const { unpaddedSize, outputSize } = places[piece] as BlockPlace;
    if (unpaddedSize * EMPTY_RATIO > outputSize && board.take(piece)) return piece;
  }
  return undefined;
}

function decodePiece(piece: number): void {
  try {
    decode(places[piece] as BlockPlace);
    board.finish(piece);
  } catch (error) {
    fail(error, piece, piece + 1);
  }
}

function decode(place: BlockPlace): void {
  const end = place.outputOffset + place.outputSize;
  const sizes = new IndexCheck();
  const promised = new IndexCheck();
  promised.add(place.unpaddedSize, place.outputSize);
  let filled = 0;
  let position = place.outputOffset;
  stream.seek(place.offset);
  for (const chunk of decodeBlock(stream, place.checkId, sizes, decoders, place.outputSize)) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BUFFER - filled);
      // A block may not write where the next one does.
      if (position + filled + part.length > end) throw mismatch(place);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < BUFFER) continue;
      writeSparse(buffer, position);
      position += BUFFER;
      filled = 0;
    }
  }
  writeSparse(buffer.subarray(0, filled), position);
  if (sizes.crc !== promised.crc) throw mismatch(place);
}

function mismatch({ offset }: BlockPlace): ImageError {
  return stream.error('corrupt', 'xz/bad-index', 'the xz index gives other sizes than the blocks have', offset);
}

function writeSparse(bytes: Uint8Array, position: number): void {
  for (const [from, to] of findData(bytes)) {
    try {
      for (let at = from; at < to; ) at += writeSync(output.fd, bytes, at, to - at, position + at);
    } catch (error) {
      throw temporaryFileError(error);
    }
  }
}
