/** Two contents byte by byte, in pieces, up to the first that differs. */
import type { ByteSource } from '../../bytes/byte-source.ts';

const PIECE = 262144;

/** The piece of the first: what a read returns is valid until the next read of any source. */
const piece = new Uint8Array(PIECE);

/** Offset of the first byte that differs; undefined if there is none. The sizes must be equal. */
export function findDifference(a: ByteSource, b: ByteSource): number | undefined {
  for (let at = 0; at < a.size; at += PIECE) {
    const length = Math.min(PIECE, a.size - at);
    piece.set(a.read(at, length));
    const other = b.read(at, length);
    const ours = piece.subarray(0, length);
    if (Buffer.compare(ours, other) === 0) continue;
    return at + ours.findIndex((byte, i) => byte !== other[i]);
  }
  return undefined;
}
