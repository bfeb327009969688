/**
 * The LZMA decoder proper: range coder, probability models and a circular dictionary (LZMA SDK, lzma-specification.txt). Containers
 * feed it: LZMA2 chunks, .lzma, MicroLZMA. Range and code are 32-bit integers in local variables, and each bit is decoded in place:
 * a call per bit costs a third of the speed.
 */

import type { LzmaDictionary } from './lzma-dictionary.ts';
import {
  ALIGN,
  IS_MATCH,
  IS_REP,
  IS_REP_G0,
  IS_REP_G1,
  IS_REP_G2,
  IS_REP0_LONG,
  LEN,
  LEN_HIGH,
  LEN_LOW,
  LEN_MID,
  LITERAL,
  type LzmaProperties,
  POS_SLOT,
  POS_SPECIAL,
  PROB_INIT,
  REP_LEN,
} from './lzma-models.ts';

/** Matches of distance one and at least this length are a run of one byte. */
const LONG_RUN = 24;

/** A symbol takes at most this many input bytes; the input must be readable that far beyond its end. */
export const INPUT_MARGIN = 32;

export class LzmaDecoder {
  readonly dictionary: LzmaDictionary;
  /** Input position, as `decode` left it. */
  inputPosition = 0;
  /** What is left of a match that did not fit in front of the last `decode`'s limit. */
  pending = 0;
  /** The end marker was read. */
  ended = false;

  #range = 0;
  #code = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #probs = new Uint16Array(LITERAL);
  #properties: LzmaProperties = { lc: 0, lp: 0, pb: 0 };

  constructor(dictionary: LzmaDictionary) {
    this.dictionary = dictionary;
  }

  /** Sets the models back to their start, with other properties if given. */
  resetState(properties = this.#properties): void {
    this.#properties = properties;
    const size = LITERAL + (0x300 << (properties.lc + properties.lp));
    if (this.#probs.length < size) this.#probs = new Uint16Array(size);
    this.#probs.fill(PROB_INIT, 0, size);
    this.#state = 0;
    this.#rep0 = 0;
    this.#rep1 = 0;
    this.#rep2 = 0;
    this.#rep3 = 0;
    this.pending = 0;
    this.ended = false;
  }

  /** Starts the range coder on five bytes at `at`; false if the first is not zero. */
  startRangeCoder(input: Uint8Array, at: number): boolean {
    this.#range = -1;
    this.#code = 0;
    for (let i = 1; i < 5; i++) this.#code = (this.#code << 8) | (input[at + i] as number);
    this.inputPosition = at + 5;
    return input[at] === 0;
  }

  /** After the last symbol of a whole stream the code must be zero. */
  get isFinished(): boolean {
    return this.#code === 0;
  }

  /**
   * Decodes symbols until the dictionary position is `outputEnd`, the input position is at or past `inputEnd`, or the end marker.
   * False if the data make no sense. `input` must be readable INPUT_MARGIN bytes beyond `inputEnd`.
   */
  decode(input: Uint8Array, inputEnd: number, outputEnd: number): boolean {
    const dictionary = this.dictionary.bytes;
    const size = dictionary.length;
    const probs = this.#probs;
    const { lc, lp, pb } = this.#properties;
    const positionMask = (1 << pb) - 1;
    const literalMask = (1 << lp) - 1;
    const literalShift = 8 - lc;
    const start = this.dictionary.position;
    // Position models count modulo sixteen at most; a small integer keeps the loop in integers.
    const phase = (this.dictionary.total - start) & 15;
    const history = this.dictionary.available - start;
    let at = this.inputPosition;
    let out = start;
    let range = this.#range;
    let code = this.#code;
    let state = this.#state;
    let rep0 = this.#rep0;
    let rep1 = this.#rep1;
    let rep2 = this.#rep2;
    let rep3 = this.#rep3;
    let length = this.pending;
    let p = 0;
    let bound = 0;
    let good = true;

    for (;;) {
      if (length > 0) {
        const count = Math.min(length, outputEnd - out);
        length -= count;
        const end = out + count;
        let from = out - rep0 - 1;
        if (from < 0) from += size;
        if (rep0 === 0 && count >= LONG_RUN) {
          dictionary.fill(dictionary[from] as number, out, end);
          out = end;
        } else if (from + count <= size) {
          while (out < end) dictionary[out++] = dictionary[from++] as number;
        } else {
          while (out < end) {
            dictionary[out++] = dictionary[from++] as number;
            if (from === size) from = 0;
          }
        }
      }
      if (out >= outputEnd || at >= inputEnd) break;

      const total = out + phase;
      const positionState = total & positionMask;
      let index = IS_MATCH + (state << 4) + positionState;
      p = probs[index] as number;
      bound = Math.imul(range >>> 11, p);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        probs[index] = p + ((2048 - p) >> 5);
        if (range >>> 24 === 0) {
          range <<= 8;
          code = (code << 8) | (input[at++] as number);
        }
        const previous =
          history + out === 0 ? 0 : out > 0 ? (dictionary[out - 1] as number) : (dictionary[size - 1] as number);
        const base = LITERAL + 0x300 * (((total & literalMask) << lc) + (previous >> literalShift));
        let symbol = 1;
        if (state >= 7) {
          let from = out - rep0 - 1;
          if (from < 0) from += size;
          let match = dictionary[from] as number;
          let offset = 0x100;
          while (symbol < 0x100) {
            match <<= 1;
            const bit = match & offset;
            index = base + offset + bit + symbol;
            p = probs[index] as number;
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[index] = p + ((2048 - p) >> 5);
              symbol <<= 1;
              offset &= ~bit;
            } else {
              range = (range - bound) | 0;
              code = (code - bound) | 0;
              probs[index] = p - (p >> 5);
              symbol = (symbol << 1) | 1;
              offset &= bit;
            }
            if (range >>> 24 === 0) {
              range <<= 8;
              code = (code << 8) | (input[at++] as number);
            }
          }
        } else {
          while (symbol < 0x100) {
            index = base + symbol;
            p = probs[index] as number;
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[index] = p + ((2048 - p) >> 5);
              symbol <<= 1;
            } else {
              range = (range - bound) | 0;
              code = (code - bound) | 0;
              probs[index] = p - (p >> 5);
              symbol = (symbol << 1) | 1;
            }
            if (range >>> 24 === 0) {
              range <<= 8;
              code = (code << 8) | (input[at++] as number);
            }
          }
        }
        dictionary[out++] = symbol;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      range = (range - bound) | 0;
      code = (code - bound) | 0;
      probs[index] = p - (p >> 5);
      if (range >>> 24 === 0) {
        range <<= 8;
        code = (code << 8) | (input[at++] as number);
      }

      let lengthCoder = LEN;
      index = IS_REP + state;
      p = probs[index] as number;
      bound = Math.imul(range >>> 11, p);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        probs[index] = p + ((2048 - p) >> 5);
        if (range >>> 24 === 0) {
          range <<= 8;
          code = (code << 8) | (input[at++] as number);
        }
        rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
        rep0 = -1; // the distance follows the length
        state = state < 7 ? 7 : 10;
      } else {
        range = (range - bound) | 0;
        code = (code - bound) | 0;
        probs[index] = p - (p >> 5);
        if (range >>> 24 === 0) {
          range <<= 8;
          code = (code << 8) | (input[at++] as number);
        }
        if (history + out === 0) {
          good = false;
          break;
        }
        lengthCoder = REP_LEN;
        index = IS_REP_G0 + state;
        p = probs[index] as number;
        bound = Math.imul(range >>> 11, p);
        if (code >>> 0 < bound >>> 0) {
          range = bound;
          probs[index] = p + ((2048 - p) >> 5);
          if (range >>> 24 === 0) {
            range <<= 8;
            code = (code << 8) | (input[at++] as number);
          }
          index = IS_REP0_LONG + (state << 4) + positionState;
          p = probs[index] as number;
          bound = Math.imul(range >>> 11, p);
          if (code >>> 0 < bound >>> 0) {
            range = bound;
            probs[index] = p + ((2048 - p) >> 5);
            if (range >>> 24 === 0) {
              range <<= 8;
              code = (code << 8) | (input[at++] as number);
            }
            state = state < 7 ? 9 : 11;
            length = 1;
            continue;
          }
          range = (range - bound) | 0;
          code = (code - bound) | 0;
          probs[index] = p - (p >> 5);
        } else {
          range = (range - bound) | 0;
          code = (code - bound) | 0;
          probs[index] = p - (p >> 5);
          if (range >>> 24 === 0) {
            range <<= 8;
            code = (code << 8) | (input[at++] as number);
          }
          let distance = rep1;
          index = IS_REP_G1 + state;
          p = probs[index] as number;
          bound = Math.imul(range >>> 11, p);
          if (code >>> 0 < bound >>> 0) {
            range = bound;
            probs[index] = p + ((2048 - p) >> 5);
          } else {
            range = (range - bound) | 0;
            code = (code - bound) | 0;
            probs[index] = p - (p >> 5);
            if (range >>> 24 === 0) {
              range <<= 8;
              code = (code << 8) | (input[at++] as number);
            }
            distance = rep2;
            index = IS_REP_G2 + state;
            p = probs[index] as number;
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[index] = p + ((2048 - p) >> 5);
            } else {
              range = (range - bound) | 0;
              code = (code - bound) | 0;
              probs[index] = p - (p >> 5);
              distance = rep3;
              rep3 = rep2;
            }
            rep2 = rep1;
          }
          rep1 = rep0;
          rep0 = distance;
        }
        if (range >>> 24 === 0) {
          range <<= 8;
          code = (code << 8) | (input[at++] as number);
        }
        state = state < 7 ? 8 : 11;
      }

      // The length: a tree of 3 or 8 bits, chosen by one or two bits.
      let tree = lengthCoder + LEN_LOW + (positionState << 3);
      let leaves = 8;
      let base = 2;
      index = lengthCoder;
      p = probs[index] as number;
      bound = Math.imul(range >>> 11, p);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        probs[index] = p + ((2048 - p) >> 5);
      } else {
        range = (range - bound) | 0;
        code = (code - bound) | 0;
        probs[index] = p - (p >> 5);
        if (range >>> 24 === 0) {
          range <<= 8;
          code = (code << 8) | (input[at++] as number);
        }
        index = lengthCoder + 1;
        p = probs[index] as number;
        bound = Math.imul(range >>> 11, p);
        if (code >>> 0 < bound >>> 0) {
          range = bound;
          probs[index] = p + ((2048 - p) >> 5);
          tree = lengthCoder + LEN_MID + (positionState << 3);
          base = 10;
        } else {
          range = (range - bound) | 0;
          code = (code - bound) | 0;
          probs[index] = p - (p >> 5);
          tree = lengthCoder + LEN_HIGH;
          leaves = 256;
          base = 18;
        }
      }
      if (range >>> 24 === 0) {
        range <<= 8;
        code = (code << 8) | (input[at++] as number);
      }
      let symbol = 1;
      while (symbol < leaves) {
        index = tree + symbol;
        p = probs[index] as number;
        bound = Math.imul(range >>> 11, p);
        if (code >>> 0 < bound >>> 0) {
          range = bound;
          probs[index] = p + ((2048 - p) >> 5);
          symbol <<= 1;
        } else {
          range = (range - bound) | 0;
          code = (code - bound) | 0;
          probs[index] = p - (p >> 5);
          symbol = (symbol << 1) | 1;
        }
        if (range >>> 24 === 0) {
          range <<= 8;
          code = (code << 8) | (input[at++] as number);
        }
      }
      length = base + symbol - leaves;

      if (rep0 === -1) {
        const slots = POS_SLOT + ((length < 6 ? length - 2 : 3) << 6);
        let slot = 1;
        while (slot < 64) {
          index = slots + slot;
          p = probs[index] as number;
          bound = Math.imul(range >>> 11, p);
          if (code >>> 0 < bound >>> 0) {
            range = bound;
            probs[index] = p + ((2048 - p) >> 5);
            slot <<= 1;
          } else {
            range = (range - bound) | 0;
            code = (code - bound) | 0;
            probs[index] = p - (p >> 5);
            slot = (slot << 1) | 1;
          }
          if (range >>> 24 === 0) {
            range <<= 8;
            code = (code << 8) | (input[at++] as number);
          }
        }
        slot -= 64;
        rep0 = slot;
        if (slot >= 4) {
          let bits = (slot >> 1) - 1;
          rep0 = (2 | (slot & 1)) << bits;
          let reverse = POS_SPECIAL + rep0 - slot;
          if (slot >= 14) {
            // The high bits have no model, the low four a tree of their own.
            let direct = 0;
            for (bits -= 4; bits > 0; bits--) {
              range >>>= 1;
              code = (code - range) | 0;
              const sign = code >> 31;
              code = (code + (range & sign)) | 0;
              direct = (direct << 1) + sign + 1;
              if (range >>> 24 === 0) {
                range <<= 8;
                code = (code << 8) | (input[at++] as number);
              }
            }
            rep0 = (rep0 + (direct << 4)) | 0;
            bits = 4;
            reverse = ALIGN;
          }
          let node = 1;
          for (let bit = 0; bit < bits; bit++) {
            index = reverse + node;
            p = probs[index] as number;
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[index] = p + ((2048 - p) >> 5);
              node <<= 1;
            } else {
              range = (range - bound) | 0;
              code = (code - bound) | 0;
              probs[index] = p - (p >> 5);
              node = (node << 1) | 1;
              rep0 = (rep0 + (1 << bit)) | 0;
            }
            if (range >>> 24 === 0) {
              range <<= 8;
              code = (code << 8) | (input[at++] as number);
            }
          }
          if (rep0 === -1) {
            this.ended = true;
            length = 0;
            break;
          }
        }
      }
      const available = history + out;
      if (rep0 >>> 0 >= Math.min(available, size)) {
        good = false;
        length = 0;
        break;
      }
    }

    this.inputPosition = at;
    this.#range = range;
    this.#code = code;
    this.#state = state;
    this.#rep0 = rep0;
    this.#rep1 = rep1;
    this.#rep2 = rep2;
    this.#rep3 = rep3;
    this.pending = length;
    this.dictionary.advance(out - start);
    return good;
  }
}
