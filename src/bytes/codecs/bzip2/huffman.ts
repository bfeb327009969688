/** Canonical Huffman codes of at most 20 bits, most significant bit first. */
import type { BitReader } from './bit-reader.ts';

const MAX_LENGTH = 20;
/** Codes of at most this length are looked up in one step. */
const QUICK = 10;

export class HuffmanTable {
  /** By the next QUICK bits: symbol * 32 + length, or 0 for longer codes. */
  readonly #quick = new Uint16Array(1 << QUICK);
  /** By length: the first code behind the codes of that length, and what to add to a code for its rank. */
  readonly #limit = new Int32Array(MAX_LENGTH + 2).fill(-1);
  readonly #base = new Int32Array(MAX_LENGTH + 2);
  readonly #symbols: Uint16Array;

  /** @param lengths by symbol, each from 1 to 20 */
  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let rank = 0;
    for (let length = 1; length <= MAX_LENGTH; length++) {
      this.#base[length] = rank - code;
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[rank++] = symbol;
        if (length <= QUICK && code < 1 << length) {
          const from = code << (QUICK - length);
          this.#quick.fill(symbol * 32 + length, from, from + (1 << (QUICK - length)));
        }
        code++;
      }
      this.#limit[length] = code;
      code <<= 1;
    }
  }

  /** The next symbol, or -1 if the bits are no code. */
  read(bits: BitReader): number {
    const entry = this.#quick[bits.peek(QUICK)] as number;
    if (entry !== 0) {
      bits.read(entry & 31);
      return entry >> 5;
    }
    let code = 0;
    for (let length = 1; length <= MAX_LENGTH; length++) {
      code = (code << 1) | bits.read(1);
      if (code < (this.#limit[length] as number)) return this.#symbols[code + (this.#base[length] as number)] ?? -1;
    }
    return -1;
  }
}
