/** Whether two contents of one size differ in the hashes of store paths only: what Nix built twice names other dependencies. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { storeDirectory, storePathHash } from '../../root/nixos/store-path.ts';

const PIECE = 1024 * 1024;
const mark = Buffer.from(`${storeDirectory}/`);
/** Bytes that a hash and what announces it take. */
const REACH = mark.length + storePathHash;

/** The sizes must be equal. */
export function differInHashesOnly(a: ByteSource, b: ByteSource): boolean {
  for (let at = 0; at < a.size; at += PIECE) {
    const from = Math.max(0, at - REACH);
    const length = Math.min(a.size, at + PIECE + REACH) - from;
    const [ours, theirs] = [withoutHashes(a.read(from, length)), withoutHashes(b.read(from, length))];
    const [start, end] = [at - from, Math.min(at + PIECE, a.size) - from];
    if (Buffer.compare(ours.subarray(start, end), theirs.subarray(start, end)) !== 0) return false;
  }
  return true;
}

function withoutHashes(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(mark); at >= 0; at = copy.indexOf(mark, at + REACH))
    copy.fill(0, at + mark.length, at + REACH);
  return copy;
}
