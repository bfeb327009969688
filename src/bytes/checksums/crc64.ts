/**
 * CRC-64/XZ (ECMA-182 polynomial, reflected, inverted before and after). The register is kept in two 32-bit halves, since
 * BigInt is far too slow for it; slicing by four.
 */
const low = new Int32Array(4 * 256);
const high = new Int32Array(4 * 256);

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
    const length = bytes.length;
    const whole = length - (length % 4);
    let l = this.#low;
    let h = this.#high;
    let i = 0;
    for (; i < whole; i += 4) {
      const word =
        l ^
        ((bytes[i] as number) |
          ((bytes[i + 1] as number) << 8) |
          ((bytes[i + 2] as number) << 16) |
          ((bytes[i + 3] as number) << 24));
      const a = 0x300 + (word & 0xff);
      const b = 0x200 + ((word >>> 8) & 0xff);
      const c = 0x100 + ((word >>> 16) & 0xff);
      const d = word >>> 24;
      l = h ^ (low[a] as number) ^ (low[b] as number) ^ (low[c] as number) ^ (low[d] as number);
      h = (high[a] as number) ^ (high[b] as number) ^ (high[c] as number) ^ (high[d] as number);
    }
    for (; i < length; i++) {
      const index = (l ^ (bytes[i] as number)) & 0xff;
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
