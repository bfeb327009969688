/**
 * SHA-crypt: the password schemes `$5$` (SHA-256) and `$6$` (SHA-512) of crypt(5), by Ulrich Drepper's specification 0.4. Rounds are bounded:
 * an image must not make a check run for minutes.
 */
import { createHash } from 'node:crypto';

interface Scheme {
  readonly name: 'sha256' | 'sha512';
  readonly size: number;
  /** Which bytes of the result make each group of four characters, first the highest. */
  readonly order: readonly (readonly number[])[];
}

/** Three bytes a group, walking in steps of `step`; `last` is the incomplete group. */
function groupsOf(count: number, step: number, rotate: (group: readonly number[]) => readonly number[]): number[][] {
  let group = [0, step, 2 * step];
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) group = [...rotate(group.map((at) => at + 1))];
    return group;
  });
}

const schemes: Readonly<Record<string, Scheme>> = {
  '5': {
    name: 'sha256',
    size: 32,
    order: [...groupsOf(10, 10, ([a = 0, b = 0, c = 0]) => [c, a, b]), [31, 30]],
  },
  '6': {
    name: 'sha512',
    size: 64,
    order: [...groupsOf(21, 21, ([a = 0, b = 0, c = 0]) => [b, c, a]), [63]],
  },
};

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DEFAULT_ROUNDS = 5000;
const MIN_ROUNDS = 1000;
/** Half a second of work. */
const MAX_ROUNDS = 200_000;

const field = /^\$([56])\$(?:rounds=([0-9]{1,9})\$)?([^$:]{0,16})\$([./0-9A-Za-z]+)$/;

/** Whether `field` of a shadow file is the hash of `password`; undefined if it is of another scheme or asks for too much work. */
export function isShaCryptOf(password: string, text: string): boolean | undefined {
  const [, id = '', rounds, salt = '', wanted] = field.exec(text) ?? [];
  const scheme = schemes[id];
  if (!scheme) return undefined;
  const count = rounds === undefined ? DEFAULT_ROUNDS : Math.max(Number(rounds), MIN_ROUNDS);
  if (count > MAX_ROUNDS) return undefined;
  return encode(hashPassword(scheme, Buffer.from(password), Buffer.from(salt), count), scheme) === wanted;
}

/** Steps 1 to 21 of the specification. */
function hashPassword({ name, size }: Scheme, key: Buffer, salt: Buffer, rounds: number): Buffer {
  const sum = (...parts: readonly Buffer[]): Buffer => createHash(name).update(Buffer.concat(parts)).digest();
  const alternate = sum(key, salt, key);
  const parts = [key, salt, repeat(alternate, key.length)];
  for (let length = key.length; length > 0; length >>= 1) parts.push((length & 1) !== 0 ? alternate : key);
  let result = sum(...parts);
  const p = repeat(sum(...Array.from({ length: key.length }, () => key)), key.length);
  const s = repeat(sum(...Array.from({ length: 16 + (result[0] ?? 0) }, () => salt)), salt.length);
  for (let round = 0; round < rounds; round++) {
    const isOdd = (round & 1) !== 0;
    const middle = [...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])];
    result = sum(isOdd ? p : result, ...middle, isOdd ? result : p);
  }
  return result.subarray(0, size);
}

/** As many bytes of `block`, over and over. */
function repeat(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block.length > 0 ? block : 0);
}

/** Steps 22: six bits a character, low bits first. */
function encode(bytes: Buffer, { order }: Scheme): string {
  let text = '';
  for (const group of order) {
    let value = group.reduce((bits, at) => (bits << 8) | (bytes[at] ?? 0), 0);
    for (let i = 0; i <= group.length; i++) {
      text += alphabet[value & 0x3f] ?? '';
      value >>= 6;
    }
  }
  return text;
}
