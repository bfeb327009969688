import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake2b256 } from '../../../src/bytes/checksums/blake2b.ts';
import { updateCrc16 } from '../../../src/bytes/checksums/crc16.ts';
import { crc32, crc32Zeros } from '../../../src/bytes/checksums/crc32.ts';
import { crc32c, updateCrc32c } from '../../../src/bytes/checksums/crc32c.ts';
import { Crc64 } from '../../../src/bytes/checksums/crc64.ts';
import { sha256 } from '../../../src/bytes/checksums/sha256.ts';
import { XxHash32, xxHash32 } from '../../../src/bytes/checksums/xxhash32.ts';
import { xxHash64 } from '../../../src/bytes/checksums/xxhash64.ts';

/** The input of every check value in the catalogue of parametrised CRC algorithms. */
const digits = new TextEncoder().encode('123456789');

const crc64 = (...parts: readonly Uint8Array[]): string => {
  const crc = new Crc64();
  for (const part of parts) crc.update(part);
  return Buffer.from(crc.digest().slice().reverse()).toString('hex');
};

/** Cuts one input at random into three. */
const threeParts = fc
  .tuple(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200))
  .map(([bytes, a, b]): [Uint8Array, Uint8Array, Uint8Array, Uint8Array] => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return [bytes, bytes.subarray(0, low), bytes.subarray(low, high), bytes.subarray(high)];
  });

describe('checksums', () => {
  it('agree with the published check values', () => {
    expect(crc32(digits)).toBe(0xcbf43926);
    expect(crc32c(digits)).toBe(0xe3069283);
    expect(crc64(digits)).toBe('995dc9bbdf1939fa');
    expect(updateCrc16(0, digits)).toBe(0xbb3d);
    expect(updateCrc16(0xffff, digits)).toBe(0x4b37);
    expect(xxHash32(new Uint8Array(0))).toBe(0x02cc5d05);
    expect(Buffer.from(xxHash64(new Uint8Array(0)).reverse()).toString('hex')).toBe('ef46db3751d8e999');
    expect(Buffer.from(sha256(digits)).toString('hex')).toBe(
      '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
    );
  });

  it('agree with hashlib on what fills blocks and what does not', () => {
    const digest = (size: number): string =>
      Buffer.from(blake2b256(Uint8Array.from({ length: size }, (_, i) => (i * 7 + 3) & 255))).toString('hex');
    expect([0, 1, 128, 129, 1000].map(digest)).toEqual([
      '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
      'e88bd757ad5b9bedf372d8d3f0cf6c962a469db61a265f6418e1ffed86da29ec',
      'f0501d06597880592bc49234eef100ec1ff349058d0e9d9b753504e24af86dd6',
      'a34a4e1e03c541dfbf3099c4b6c143c022ced65c28bd7e8a10e0a098461aecf0',
      'd62b6c768ce1afc8367e0498ab2f8e3f7c178c35b1429f14c4604b545d200f52',
    ]);
  });

  it('go over a run of zeroes without reading it', () => {
    for (const length of [0, 1, 7, 4096, 100_003]) {
      expect(crc32Zeros(length, crc32(digits))).toBe(crc32(new Uint8Array(length), crc32(digits)));
    }
    const parts = Array.from({ length: 100 }, () => new Uint8Array(1000));
    expect(crc64(digits, new Uint8Array(100_000))).toBe(crc64(digits, ...parts));
    // CRC-32 of 4 GiB of zeroes as gzip recorded it.
    expect(crc32Zeros(2 ** 32)).toBe(0xd202ef8d);
  });

  it('do not depend on how the input was cut', () => {
    fc.assert(
      fc.property(threeParts, ([whole, a, b, c]) => {
        expect(crc32(c, crc32(b, crc32(a)))).toBe(crc32(whole));
        expect(crc32c(c, crc32c(b, crc32c(a)))).toBe(crc32c(whole));
        expect(crc64(a, b, c)).toBe(crc64(whole));
        const hash = new XxHash32();
        for (const part of [a, b, c]) hash.update(part);
        expect(hash.digest()).toBe(xxHash32(whole));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('advance the bare CRC-32C register as ext4 does', () => {
    expect(updateCrc32c(0xffffffff, digits)).toBe(~0xe3069283 >>> 0);
  });
});
