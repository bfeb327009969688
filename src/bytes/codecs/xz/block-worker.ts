/** The worker thread for xz blocks: decodes the one that is waited for, else one that is likely to be next, straight into the file. */
import { parentPort } from 'node:worker_threads';
import type { ImageError } from '../../../errors.ts';
import { type DecoderThread, runDecoderThread } from '../../beside/decoder-thread.ts';
import { SparseWriter } from '../../sparse-writer.ts';
import { StreamInput } from '../stream-input.ts';
import { DecoderKeeper, decodeBlock } from './decode-xz.ts';
import type { BlockPlace } from './locate-blocks.ts';
import { IndexCheck } from './stream-format.ts';

/** A block that packs better than this is nothing but zeroes, which nobody looks for. */
const EMPTY_RATIO = 1000;

runDecoderThread<readonly BlockPlace[]>(parentPort, (thread) => {
  const decoder = new BlockDecoder(thread);
  const { board } = thread;
  for (;;) {
    const { turn, wanted } = board;
    const piece = wanted === undefined ? undefined : decoder.takeFrom(wanted);
    if (piece === undefined) board.rest(turn);
    else decoder.decodePiece(piece);
  }
});

class BlockDecoder {
  readonly #thread: DecoderThread<readonly BlockPlace[]>;
  readonly #stream: StreamInput;
  readonly #decoders = new DecoderKeeper();

  constructor(thread: DecoderThread<readonly BlockPlace[]>) {
    this.#thread = thread;
    this.#stream = new StreamInput(thread.input);
  }

  /**
   * The block that the reader waits for, else the first behind it that holds anything. Only while it waits: so one thread is always
   * ready for what it asks for next.
   */
  takeFrom(wanted: number): number | undefined {
    const { board, task: places } = this.#thread;
    if (board.take(wanted)) return wanted;
    for (let piece = wanted + 1; piece < places.length; piece++) {
      const { unpaddedSize, outputSize } = places[piece] as BlockPlace;
      if (unpaddedSize * EMPTY_RATIO > outputSize && board.take(piece)) return piece;
    }
    return undefined;
  }

  decodePiece(piece: number): void {
    const { board, task: places, fail } = this.#thread;
    try {
      this.#decode(places[piece] as BlockPlace);
      board.finish(piece);
    } catch (error) {
      fail(error, piece, piece + 1);
    }
  }

  #decode(place: BlockPlace): void {
    const sizes = new IndexCheck();
    const promised = new IndexCheck();
    promised.add(place.unpaddedSize, place.outputSize);
    const writer = new SparseWriter(this.#thread.output.fd, place.outputOffset);
    this.#stream.seek(place.offset);
    for (const chunk of decodeBlock(this.#stream, place.checkId, sizes, this.#decoders, place.outputSize)) {
      // A block may not write where the next one does.
      if (writer.size + chunk.length > place.outputSize) throw this.#mismatch(place);
      writer.write(chunk);
    }
    writer.finish();
    if (sizes.crc !== promised.crc) throw this.#mismatch(place);
  }

  #mismatch({ offset }: BlockPlace): ImageError {
    const message = 'the xz index gives other sizes than the blocks have';
    return this.#stream.error('corrupt', 'xz/bad-index', message, offset);
  }
}
