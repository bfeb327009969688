/** The checksum of the crc dialect: the sum of all bytes, in 32 bits. */
import type { ByteSource } from '../../bytes/byte-source.ts';

const PIECE = 256 * 1024;

export function sumBytes(source: ByteSource): number {
  let sum = 0;
  for (let at = 0; at < source.size; at += PIECE) {
    const piece = source.read(at, Math.min(PIECE, source.size - at));
    for (let i = 0; i < piece.length; i++) sum += piece[i] as number;
    sum %= 0x1_0000_0000;
  }
  return sum;
}
