/** Runs of zero bytes, which disk images are full of. */
const ZEROES = Buffer.alloc(1024 * 1024);
/** As many as stay in the processor's own cache are compared at once. */
const COMPARED = 64 * 1024;

/** Whether every byte is zero. */
export function isZero(bytes: Uint8Array): boolean {
  if (bytes.buffer === ZEROES.buffer) return true;
  if (bytes[0] !== 0 || bytes[bytes.length - 1] !== 0) return bytes.length === 0;
  for (let at = 0; at < bytes.length; at += COMPARED) {
    const part = bytes.subarray(at, at + COMPARED);
    if (!ZEROES.subarray(0, part.length).equals(part)) return false;
  }
  return true;
}

/** `length` zeroes in parts, which must not be written to. */
export function* zeroRuns(length: number): Generator<Uint8Array> {
  for (let left = length; left > 0; left -= ZEROES.length) yield ZEROES.subarray(0, left);
}
