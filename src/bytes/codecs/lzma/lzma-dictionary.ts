/** The circular dictionary of LZMA: the output, kept as far back as matches may reach. */

const FIRST_SIZE = 256 * 1024;

export class LzmaDictionary {
  /** Bytes that the dictionary may have in the end. */
  readonly size: number;
  /** Another array after the dictionary has grown. */
  bytes: Uint8Array;
  /** Where the next byte goes. */
  position = 0;
  /** Bytes that a match may refer to. */
  available = 0;
  /** Bytes since the last reset: what position models count. */
  total = 0;

  /** It begins small, unless its memory is given, and grows with the output: what a header asks for costs nothing. */
  constructor(size: number, bytes: Uint8Array = new Uint8Array(Math.min(size, FIRST_SIZE))) {
    this.size = size;
    this.bytes = bytes;
  }

  /** Forgets all output. */
  reset(): void {
    this.position = 0;
    this.available = 0;
    this.total = 0;
  }

  /** Appends bytes; they must fit in front of the end. */
  append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.position);
    this.advance(bytes.length);
  }

  /** Counts bytes that were written at the position. */
  advance(count: number): void {
    this.position += count;
    this.total += count;
    this.available = Math.min(this.available + count, this.bytes.length);
  }

  /** Makes room for the next byte when the end is reached: more memory, or the start again. */
  makeRoom(): void {
    const { length } = this.bytes;
    if (this.position < length) return;
    if (length >= this.size) {
      this.position = 0;
      return;
    }
    const grown = new Uint8Array(Math.min(this.size, length * 4));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
