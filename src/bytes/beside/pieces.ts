/** How the output of decoders is cut into pieces, each there as a whole or not at all. */

export interface Pieces {
  readonly count: number;
  /** The piece that holds the byte at `offset`. */
  at(offset: number): number;
}

/** Bytes of a piece of a stream. */
export const STREAM_PIECE = 1024 * 1024;

export function piecesOfStream(size: number): Pieces {
  return { count: Math.ceil(size / STREAM_PIECE), at: (offset) => Math.floor(offset / STREAM_PIECE) };
}

/** One for each block; `starts` are the offsets of their outputs, ascending from 0. */
export function piecesOfBlocks(starts: readonly number[]): Pieces {
  const at = (offset: number): number => {
    let low = 0;
    let high = starts.length;
    // The last block that starts at or before the offset; blocks of no output share their start with the next.
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low;
  };
  return { count: starts.length, at };
}
