/** Copies of a few bytes within blocks, of which decoders of the LZ77 family are made. */

/** Bytes copied at once; up to one less than that is written behind a copy. */
export const WORD = 8;
/** Longer copies are the runtime's. */
export const SHORT = 32;

/** Copies `length` bytes, rounded up to whole words; of two places in one buffer, `from` is a word before `to` at least. */
export function copyWords(source: DataView, from: number, target: DataView, to: number, length: number): void {
  for (let done = 0; done < length; done += WORD) {
    target.setInt32(to + done, source.getInt32(from + done, true), true);
    target.setInt32(to + done + 4, source.getInt32(from + done + 4, true), true);
  }
}

/**
 * Repeats at `to` the `length` bytes that begin `distance` before it, which may be those that are being written. `target` is a view
 * of all of `output`; the caller has seen that both places lie within.
 */
export function copyMatch(output: Uint8Array, target: DataView, to: number, distance: number, length: number): void {
  const from = to - distance;
  if (length > SHORT && distance >= length) output.copyWithin(to, from, from + length);
  else if (length > SHORT && distance === 1) output.fill(output[from] as number, to, to + length);
  else if (distance >= WORD && to + length + WORD <= output.length) copyWords(target, from, target, to, length);
  else for (let i = 0; i < length; i++) output[to + i] = output[from + i] as number;
}
