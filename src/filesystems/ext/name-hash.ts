/**
 * The hashes by which large directories are sorted (kernel docs, filesystems/ext4: "Hash Tree Directories"): legacy, half MD4
 * and TEA, each over the name's bytes as signed or unsigned characters. SipHash (encrypted and case-folded) is not read.
 */

const LEGACY = 0;
const HALF_MD4 = 1;
const TEA = 2;
/** Added to the version by file systems made where characters are unsigned. */
const UNSIGNED = 3;

/** A hash that means "end of directory" and is moved out of the way. */
const END_OF_DIRECTORY = 0xffff_fffe;

/**
 * The hash of a name, an even unsigned number; undefined for a version that is not known. `seed` are the four words of the
 * superblock, all zero for the default.
 */
export function hashName(
  name: Uint8Array,
  version: number,
  seed: readonly number[],
  charactersUnsigned: boolean,
): number | undefined {
  const isSigned = version < UNSIGNED && !charactersUnsigned;
  const base = version >= UNSIGNED ? version - UNSIGNED : version;
  const hash = rawHash(isSigned ? Int8Array.from(name) : name, base, seed);
  if (hash === undefined) return undefined;
  const even = (hash & ~1) >>> 0;
  return even === END_OF_DIRECTORY ? END_OF_DIRECTORY - 2 : even;
}

function rawHash(name: ArrayLike<number>, version: number, seed: readonly number[]): number | undefined {
  if (version === LEGACY) return legacyHash(name);
  if (version !== HALF_MD4 && version !== TEA) return undefined;
  const hasSeed = seed.some((word) => word !== 0);
  const state = Int32Array.from(hasSeed ? seed : [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  const words = version === HALF_MD4 ? 8 : 4;
  for (let at = 0; at < name.length; at += words * 4) {
    const message = messageWords(name, at, words);
    if (version === HALF_MD4) halfMd4(state, message);
    else tea(state, message);
  }
  return state[version === HALF_MD4 ? 1 : 0];
}

function legacyHash(name: ArrayLike<number>): number {
  let before = 0x37abe8f9;
  let hash = 0x12a3fe2d;
  for (let i = 0; i < name.length; i++) {
    let next = (before + (hash ^ Math.imul(name[i] as number, 7152373))) >>> 0;
    if (next >= 0x8000_0000) next -= 0x7fff_ffff;
    before = hash;
    hash = next;
  }
  return hash << 1;
}

/** `count` big-endian words of the name from `at`, padded with its length. */
function messageWords(name: ArrayLike<number>, at: number, count: number): Int32Array {
  const left = name.length - at;
  const padding = Math.imul(left, 0x0101_0101);
  const words = new Int32Array(count).fill(padding);
  const length = Math.min(left, count * 4);
  for (let i = 0; i < length; i += 4) {
    let word = padding;
    for (let j = i; j < Math.min(i + 4, length); j++) word = ((name[at + j] as number) + (word << 8)) | 0;
    words[i / 4] = word;
  }
  return words;
}

function tea(state: Int32Array, message: Int32Array): void {
  const [a, b, c, d] = message as unknown as [number, number, number, number];
  let x = state[0] as number;
  let y = state[1] as number;
  let sum = 0;
  for (let round = 0; round < 16; round++) {
    sum = (sum + 0x9e3779b9) | 0;
    x = (x + (((y << 4) + a) ^ (y + sum) ^ ((y >>> 5) + b))) | 0;
    y = (y + (((x << 4) + c) ^ (x + sum) ^ ((x >>> 5) + d))) | 0;
  }
  state[0] = (state[0] as number) + x;
  state[1] = (state[1] as number) + y;
}

const choose = (x: number, y: number, z: number): number => z ^ (x & (y ^ z));
const majority = (x: number, y: number, z: number): number => ((x & y) + ((x ^ y) & z)) | 0;
const parity = (x: number, y: number, z: number): number => x ^ y ^ z;

/** The three rounds of MD4, each with half its steps: which word is added, and how far each step rotates. */
const MD4_ROUNDS = [
  { mix: choose, constant: 0, order: [0, 1, 2, 3, 4, 5, 6, 7], shifts: [3, 7, 11, 19] },
  { mix: majority, constant: 0x5a827999, order: [1, 3, 5, 7, 0, 2, 4, 6], shifts: [3, 5, 9, 13] },
  { mix: parity, constant: 0x6ed9eba1, order: [3, 7, 2, 6, 1, 5, 0, 4], shifts: [3, 9, 11, 15] },
] as const;

function halfMd4(state: Int32Array, message: Int32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (const { mix, constant, order, shifts } of MD4_ROUNDS) {
    for (let step = 0; step < 8; step++) {
      const sum = (a + mix(b, c, d) + (message[order[step] as number] as number) + constant) | 0;
      const shift = shifts[step % 4] as number;
      const rotated = (sum << shift) | (sum >>> (32 - shift));
      [a, b, c, d] = [d, rotated, b, c];
    }
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
}
