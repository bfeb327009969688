/** The reversible filters of xz in front of LZMA2 (xz-file-format.txt 5.3.2 and 5.3.3), as stages of a stream. */

/**
 * Converts a buffer in place, of which the first byte lies at `position` (modulo 2^32) of the stream. Returns how many bytes
 * from the start are final; the rest must be given again with more behind it.
 */
export type Conversion = (buffer: Uint8Array, position: number) => number;

export class FilterStage {
  readonly #convert: Conversion;
  #position: number;
  #carry = new Uint8Array(0);

  constructor(convert: Conversion, startOffset = 0) {
    this.#convert = convert;
    this.#position = startOffset;
  }

  /** The bytes that are final now that `chunk` has come. The chunk itself is not modified. */
  push(chunk: Uint8Array): Uint8Array {
    const buffer = new Uint8Array(this.#carry.length + chunk.length);
    buffer.set(this.#carry);
    buffer.set(chunk, this.#carry.length);
    const done = this.#convert(buffer, this.#position);
    this.#position = (this.#position + done) % 2 ** 32;
    this.#carry = buffer.slice(done);
    return buffer.subarray(0, done);
  }

  /** What was held back: at the end of the stream it stays as it is. */
  end(): Uint8Array {
    const rest = this.#carry;
    this.#carry = new Uint8Array(0);
    return rest;
  }
}

/** Sends bytes through stages, first to last; yields what comes out. */
export function* filterChunks(chunks: Iterable<Uint8Array>, stages: readonly FilterStage[]): Generator<Uint8Array> {
  const [first, ...others] = stages;
  if (!first) yield* chunks;
  else yield* filterChunks(throughStage(chunks, first), others);
}

function* throughStage(chunks: Iterable<Uint8Array>, stage: FilterStage): Generator<Uint8Array> {
  for (const chunk of chunks) {
    const bytes = stage.push(chunk);
    if (bytes.length > 0) yield bytes;
  }
  const rest = stage.end();
  if (rest.length > 0) yield rest;
}
