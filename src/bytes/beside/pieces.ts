/** How the output of decoders is cut into pieces, each there as a whole or not at all. */
import { partitionPoint } from '../partition-point.ts';

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
  // The last block that starts at or before the offset; blocks of no output share their start with the next.
  const at = (offset: number): number => partitionPoint(starts.length, (i) => (starts[i] as number) <= offset) - 1;
  return { count: starts.length, at };
}
