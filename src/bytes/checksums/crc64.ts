/**
 * CRC-64/XZ (ECMA-182 polynomial, reflected, inverted before and after). The register is kept in two 32-bit halves, since
 * BigInt is far too slow for it; slicing by eight.
 */
import { isZero } from '../zeroes.ts';
import { advanceOverZeros } from './crc64-zeros.ts';

/** Runs of zeroes from this length on are not worth reading. */
const LONG_RUN = 16 * 1024;

const low = new Int32Array(8 * 256);
const high = new Int32Array(8 * 256);

for (let byte = 0; byte < 256; byte++) {
  let l = byte;
  let h = 0;
  for (let bit = 0; bit < 8; bit++) {
    const odd = l & 1;
    l = (l >>> 1) | (h << 31);
    h >>>= 1;
    if (odd) {
      l ^= 0xd7870f42;
      h ^= 0xc96c5795;
    }
  }
  low[byte] = l;
  high[byte] = h;
}
for (let i = 256; i < low.length; i++) {
  const l = low[i - 256] as number;
  const h = high[i - 256] as number;
  low[i] = ((l >>> 8) | (h << 24)) ^ (low[l & 0xff] as number);
  high[i] = (h >>> 8) ^ (high[l & 0xff] as number);
}

/** A running CRC-64: `update` with the bytes in order, then read `digest`. */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    if (bytes.length >= LONG_RUN && isZero(bytes)) {
      const register = advanceOverZeros({ low: this.#low, high: this.#high }, bytes.length);
      this.#low = register.low;
      this.#high = register.high;
      return;
    }
    // Words can be loaded at once where they are aligned.
    const head = -bytes.byteOffset & 3;
    if (bytes.length < head + 8) {
      this.#updateBytes(bytes);
      return;
    }
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, ((bytes.length - head) >> 3) << 1);
    this.#updateBytes(bytes.subarray(0, head));
    let l = this.#low;
    let h = this.#high;
    for (let i = 0; i < words.length; i += 2) {
      const a = l ^ (words[i] as number);
      const b = h ^ (words[i + 1] as number);
      const i7 = 0x700 + (a & 0xff);
      const i6 = 0x600 + ((a >>> 8) & 0xff);
      const i5 = 0x500 + ((a >>> 16) & 0xff);
      const i4 = 0x400 + (a >>> 24);
      const i3 = 0x300 + (b & 0xff);
      const i2 = 0x200 + ((b >>> 8) & 0xff);
      const i1 = 0x100 + ((b >>> 16) & 0xff);
      const i0 = b >>> 24;
      l =
        (low[i7] as number) ^
        (low[i6] as number) ^
        (low[i5] as number) ^
        (low[i4] as number) ^
        (low[i3] as number) ^
        (low[i2] as number) ^
        (low[i1] as number) ^
        (low[i0] as number);
      h =
        (high[i7] as number) ^
        (high[i6] as number) ^
        (high[i5] as number) ^
        (high[i4] as number) ^
        (high[i3] as number) ^
        (high[i2] as number) ^
        (high[i1] as number) ^
        (high[i0] as number);
    }
    this.#low = l;
    this.#high = h;
    this.#updateBytes(bytes.subarray(head + words.byteLength));
  }

  #updateBytes(bytes: Uint8Array): void {
    let l = this.#low;
    let h = this.#high;
    for (const byte of bytes) {
      const index = (l ^ byte) & 0xff;
      l = ((l >>> 8) | (h << 24)) ^ (low[index] as number);
      h = (h >>> 8) ^ (high[index] as number);
    }
    this.#low = l;
    this.#high = h;
  }

  /** The eight bytes as xz stores them, little-endian. */
  digest(): Uint8Array {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, ~this.#low, true);
    view.setInt32(4, ~this.#high, true);
    return bytes;
  }
}
