/** Bits of a stream, most significant first. */
import type { StreamInput } from '../stream-input.ts';

export class BitReader {
  readonly #input: StreamInput;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Offset in the source behind `#bytes`. */
  #end: number;
  #bits = 0;
  #count = 0;

  /** Takes bytes of `input`, which must not be read meanwhile; `finish` gives back what is left. */
  constructor(input: StreamInput) {
    this.#input = input;
    this.#end = input.position;
  }

  /** The next `count` bits, at most 24. */
  read(count: number): number {
    while (this.#count < count) this.#fill();
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** The next `count` bits, at most 16, without passing over them; zeroes stand for what is behind the end. */
  peek(count: number): number {
    while (this.#count < count) {
      if (this.#at === this.#bytes.length && !this.#more()) {
        return (this.#bits << (count - this.#count)) & ((1 << count) - 1);
      }
      this.#fill();
    }
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  /** Leaves the input at the next whole byte. */
  finish(): void {
    this.#input.seek(this.#end - (this.#bytes.length - this.#at) - Math.floor(this.#count / 8));
  }

  #fill(): void {
    if (this.#at === this.#bytes.length && !this.#more()) throw this.#input.truncated('a bzip2 block');
    this.#bits = (this.#bits << 8) | (this.#bytes[this.#at++] as number);
    this.#count += 8;
  }

  #more(): boolean {
    this.#bytes = this.#input.some();
    this.#at = 0;
    this.#end = this.#input.position;
    return this.#bytes.length > 0;
  }
}
