/**
 * BLAKE2b with a digest of 32 bytes (btrfs; RFC 7693), without a key: OpenSSL has only the one of 64 bytes, whose first half is
 * something else. 64-bit words are kept as pairs of 32-bit halves, the low one first.
 */
const DIGEST_SIZE = 32;
const BLOCK_SIZE = 128;
const WORDS = 16;

/** The words SHA-512 starts with, as low and high halves. */
const START = Int32Array.of(
  ...[0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a],
  ...[0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19],
);

/** Which message word each half of a mixing step takes, round by round; the last two rounds repeat the first two. */
const SCHEDULE: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const ROUNDS = 12;

/** The four columns, then the four diagonals, of the state as a 4 x 4 square. */
const STEPS: readonly (readonly [number, number, number, number])[] = [
  ...[0, 1, 2, 3].map((i) => [i, 4 + i, 8 + i, 12 + i] as [number, number, number, number]),
  ...[0, 1, 2, 3].map(
    (i) => [i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4)] as [number, number, number, number],
  ),
];

/** The digest of 32 bytes. */
export function blake2b256(bytes: Uint8Array): Uint8Array {
  const hash = Int32Array.from(START);
  hash[0] = (hash[0] as number) ^ (0x0101_0000 | DIGEST_SIZE);
  const message = new Int32Array(2 * WORDS);
  const block = new Uint8Array(BLOCK_SIZE);
  const view = new DataView(block.buffer);
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK_SIZE) {
    const part = bytes.subarray(at, at + BLOCK_SIZE);
    block.fill(0, part.length);
    block.set(part);
    for (let i = 0; i < message.length; i++) message[i] = view.getInt32(i * 4, true);
    compress(hash, message, at + part.length, at + BLOCK_SIZE >= bytes.length);
  }
  const result = new Uint8Array(DIGEST_SIZE);
  const out = new DataView(result.buffer);
  for (let i = 0; i < DIGEST_SIZE / 4; i++) out.setInt32(i * 4, hash[i] as number, true);
  return result;
}

/** `count`: bytes so far, this block included. */
function compress(hash: Int32Array, message: Int32Array, count: number, isLast: boolean): void {
  const v = new Int32Array(2 * WORDS);
  v.set(hash);
  v.set(START, WORDS);
  v[24] = (v[24] as number) ^ count;
  v[25] = (v[25] as number) ^ Math.floor(count / 0x1_0000_0000);
  if (isLast) {
    v[28] = ~(v[28] as number);
    v[29] = ~(v[29] as number);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const order = SCHEDULE[round % SCHEDULE.length] as readonly number[];
    for (let i = 0; i < STEPS.length; i++) {
      const [a, b, c, d] = STEPS[i] as readonly [number, number, number, number];
      addWords(v, a, b, message, order[2 * i] as number);
      rotateXor(v, d, a, 32);
      addWords(v, c, d);
      rotateXor(v, b, c, 24);
      addWords(v, a, b, message, order[2 * i + 1] as number);
      rotateXor(v, d, a, 16);
      addWords(v, c, d);
      rotateXor(v, b, c, 63);
    }
  }
  for (let i = 0; i < WORDS; i++) hash[i] = (hash[i] as number) ^ (v[i] as number) ^ (v[WORDS + i] as number);
}

/** v[a] += v[b] + message[m]. */
function addWords(v: Int32Array, a: number, b: number, message?: Int32Array, m = 0): void {
  const low = message ? (message[2 * m] as number) >>> 0 : 0;
  const high = message ? (message[2 * m + 1] as number) : 0;
  const sum = ((v[2 * a] as number) >>> 0) + ((v[2 * b] as number) >>> 0) + low;
  v[2 * a] = sum;
  v[2 * a + 1] = (v[2 * a + 1] as number) + (v[2 * b + 1] as number) + high + Math.floor(sum / 0x1_0000_0000);
}

/** v[d] = (v[d] ^ v[a]) turned right by `bits`: 16, 24, 32 or 63. */
function rotateXor(v: Int32Array, d: number, a: number, bits: number): void {
  const low = (v[2 * d] as number) ^ (v[2 * a] as number);
  const high = (v[2 * d + 1] as number) ^ (v[2 * a + 1] as number);
  if (bits === 32) {
    v[2 * d] = high;
    v[2 * d + 1] = low;
  } else if (bits === 63) {
    v[2 * d] = (low << 1) | (high >>> 31);
    v[2 * d + 1] = (high << 1) | (low >>> 31);
  } else {
    v[2 * d] = (low >>> bits) | (high << (32 - bits));
    v[2 * d + 1] = (high >>> bits) | (low << (32 - bits));
  }
}
