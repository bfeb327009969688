/** Runs of zero bytes, which disk images are full of. */
const ZEROES = Buffer.alloc(1024 * 1024);

/** Whether every byte is zero. */
export function isZero(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0 || bytes[bytes.length - 1] !== 0) return bytes.length === 0;
  for (let at = 0; at < bytes.length; at += ZEROES.length) {
    const part = bytes.subarray(at, at + ZEROES.length);
    if (!ZEROES.subarray(0, part.length).equals(part)) return false;
  }
  return true;
}
