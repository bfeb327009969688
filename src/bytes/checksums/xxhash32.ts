/** xxHash, 32 bit, seed 0 (LZ4 frames): https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */
const PRIME1 = 0x9e3779b1;
const PRIME2 = 0x85ebca77;
const PRIME3 = 0xc2b2ae3d;
const PRIME4 = 0x27d4eb2f;
const PRIME5 = 0x165667b1;
const STRIPE = 16;

/** A running hash: `update` with the bytes in order, then read `digest`. */
export class XxHash32 {
  readonly #lanes = Int32Array.of(PRIME1 + PRIME2, PRIME2, 0, -PRIME1);
  readonly #rest = new Uint8Array(STRIPE);
  #restLength = 0;
  #length = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#restLength > 0) {
      at = Math.min(STRIPE - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restLength);
      this.#restLength += at;
      if (this.#restLength < STRIPE) return;
      consume(this.#lanes, this.#rest);
      this.#restLength = 0;
    }
    const whole = bytes.length - ((bytes.length - at) % STRIPE);
    consume(this.#lanes, bytes.subarray(at, whole));
    this.#rest.set(bytes.subarray(whole));
    this.#restLength = bytes.length - whole;
  }

  digest(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    let hash = this.#length >= STRIPE ? (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0 : PRIME5 | 0;
    hash = (hash + (this.#length | 0)) | 0;
    let i = 0;
    for (; i + 4 <= this.#restLength; i += 4) {
      hash = Math.imul(rotate((hash + Math.imul(word(this.#rest, i), PRIME3)) | 0, 17), PRIME4);
    }
    for (; i < this.#restLength; i++) {
      hash = Math.imul(rotate((hash + Math.imul(this.#rest[i] as number, PRIME5)) | 0, 11), PRIME1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

/** The hash of one byte array. */
export function xxHash32(bytes: Uint8Array): number {
  const hash = new XxHash32();
  hash.update(bytes);
  return hash.digest();
}

function consume(lanes: Int32Array, bytes: Uint8Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = lanes;
  for (let i = 0; i < bytes.length; i += STRIPE) {
    a = Math.imul(rotate((a + Math.imul(word(bytes, i), PRIME2)) | 0, 13), PRIME1);
    b = Math.imul(rotate((b + Math.imul(word(bytes, i + 4), PRIME2)) | 0, 13), PRIME1);
    c = Math.imul(rotate((c + Math.imul(word(bytes, i + 8), PRIME2)) | 0, 13), PRIME1);
    d = Math.imul(rotate((d + Math.imul(word(bytes, i + 12), PRIME2)) | 0, 13), PRIME1);
  }
  lanes.set([a, b, c, d]);
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
