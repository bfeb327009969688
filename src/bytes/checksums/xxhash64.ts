/**
 * xxHash, 64 bit, seed 0 (btrfs): https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md. Every 64-bit number is kept
 * in two 32-bit halves, since BigInt is far too slow for it.
 */
interface Word {
  low: number;
  high: number;
}

const word = (high: number, low: number): Readonly<Word> => ({ low: low | 0, high: high | 0 });
const PRIME1 = word(0x9e3779b1, 0x85ebca87);
const PRIME2 = word(0xc2b2ae3d, 0x27d4eb4f);
const PRIME3 = word(0x165667b1, 0x9e3779f9);
const PRIME4 = word(0x85ebca77, 0xc2b2ae63);
const PRIME5 = word(0x27d4eb2f, 0x165667c5);
const STRIPE = 32;
const LANE_ROTATIONS = [1, 7, 12, 18] as const;

/** The hash as its eight bytes, little-endian. */
export function xxHash64(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hash: Word = { ...PRIME5 };
  let at = 0;
  if (bytes.length >= STRIPE) {
    const lanes = startLanes();
    for (; at + STRIPE <= bytes.length; at += STRIPE) {
      for (let i = 0; i < lanes.length; i++) {
        round(lanes[i] as Word, view.getInt32(at + i * 8, true), view.getInt32(at + i * 8 + 4, true));
      }
    }
    converge(hash, lanes);
  }
  add(hash, bytes.length | 0, Math.floor(bytes.length / 0x1_0000_0000));
  const mixed: Word = { low: 0, high: 0 };
  for (; at + 8 <= bytes.length; at += 8) {
    mixed.low = 0;
    mixed.high = 0;
    round(mixed, view.getInt32(at, true), view.getInt32(at + 4, true));
    step(hash, mixed, 27, PRIME1, PRIME4);
  }
  for (; at + 4 <= bytes.length; at += 4) {
    set(mixed, view.getInt32(at, true), 0);
    multiply(mixed, PRIME1);
    step(hash, mixed, 23, PRIME2, PRIME3);
  }
  for (; at < bytes.length; at++) {
    set(mixed, view.getUint8(at), 0);
    multiply(mixed, PRIME5);
    step(hash, mixed, 11, PRIME1);
  }
  shiftXor(hash, 33);
  multiply(hash, PRIME2);
  shiftXor(hash, 29);
  multiply(hash, PRIME3);
  shiftXor(hash, 32);
  const result = new Uint8Array(8);
  const out = new DataView(result.buffer);
  out.setInt32(0, hash.low, true);
  out.setInt32(4, hash.high, true);
  return result;
}

/** The accumulators at the start: PRIME1 + PRIME2, PRIME2, 0 and -PRIME1. */
function startLanes(): Word[] {
  const first: Word = { ...PRIME1 };
  add(first, PRIME2.low, PRIME2.high);
  const last: Word = { low: ~PRIME1.low, high: ~PRIME1.high };
  add(last, 1, 0);
  return [first, { ...PRIME2 }, { low: 0, high: 0 }, last];
}

/** The accumulators as one. */
function converge(hash: Word, lanes: readonly Word[]): void {
  set(hash, 0, 0);
  const turned: Word = { low: 0, high: 0 };
  for (const [i, lane] of lanes.entries()) {
    set(turned, lane.low, lane.high);
    rotate(turned, LANE_ROTATIONS[i] ?? 0);
    add(hash, turned.low, turned.high);
  }
  for (const lane of lanes) {
    set(turned, 0, 0);
    round(turned, lane.low, lane.high);
    hash.low ^= turned.low;
    hash.high ^= turned.high;
    multiply(hash, PRIME1);
    add(hash, PRIME4.low, PRIME4.high);
  }
}

/** One 8-byte lane into its accumulator. */
const lane: Word = { low: 0, high: 0 };
function round(accumulator: Word, low: number, high: number): void {
  set(lane, low, high);
  multiply(lane, PRIME2);
  add(accumulator, lane.low, lane.high);
  rotate(accumulator, 31);
  multiply(accumulator, PRIME1);
}

/** What is left at the end into the hash. */
function step(hash: Word, value: Word, bits: number, factor: Readonly<Word>, summand?: Readonly<Word>): void {
  hash.low ^= value.low;
  hash.high ^= value.high;
  rotate(hash, bits);
  multiply(hash, factor);
  if (summand) add(hash, summand.low, summand.high);
}

function set(target: Word, low: number, high: number): void {
  target.low = low;
  target.high = high;
}

function add(target: Word, low: number, high: number): void {
  const sum = (target.low >>> 0) + (low >>> 0);
  target.low = sum | 0;
  target.high = (target.high + high + (sum > 0xffff_ffff ? 1 : 0)) | 0;
}

/** The low 64 bits of the product; the upper half of low x low comes from 16-bit parts. */
function multiply(target: Word, factor: Readonly<Word>): void {
  const a = target.low & 0xffff;
  const b = target.low >>> 16;
  const c = factor.low & 0xffff;
  const d = factor.low >>> 16;
  const middle = b * c + ((a * c) >>> 16);
  const carry = a * d + (middle & 0xffff);
  const upper = b * d + Math.floor(middle / 0x1_0000) + Math.floor(carry / 0x1_0000);
  target.high = (upper + Math.imul(target.low, factor.high) + Math.imul(target.high, factor.low)) | 0;
  target.low = Math.imul(target.low, factor.low);
}

/** By 1 to 31 bits. */
function rotate(target: Word, bits: number): void {
  const { low, high } = target;
  target.low = (low << bits) | (high >>> (32 - bits));
  target.high = (high << bits) | (low >>> (32 - bits));
}

function shiftXor(target: Word, bits: number): void {
  const { low, high } = target;
  if (bits >= 32) target.low = low ^ (high >>> (bits - 32));
  else {
    target.low = low ^ ((low >>> bits) | (high << (32 - bits)));
    target.high = high ^ (high >>> bits);
  }
}
