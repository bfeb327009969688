/** Two contents byte by byte, in pieces, up to the first that differs. */
import type { ByteSource } from '../../bytes/byte-source.ts';

const PIECE = 262144;

/** Offset of the first byte that differs; undefined if there is none. The sizes must be equal. */
export function findDifference(a: ByteSource, b: ByteSource): number | undefined {
  const piece = new Uint8Array(Math.min(PIECE, a.size));
  for (let at = 0; at < a.size; at += PIECE) {
    const length = Math.min(PIECE, a.size - at);
    // What a read returns is valid until the next read of any source.
    piece.set(a.read(at, length));
    const other = b.read(at, length);
    const ours = piece.subarray(0, length);
    if (Buffer.compare(ours, other) === 0) continue;
    return at + ours.findIndex((byte, i) => byte !== other[i]);
  }
  return undefined;
}
