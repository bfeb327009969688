/** CRC-32C by words, by bytes and over runs of zeros is the CRC-32C of the definition, bit by bit. */
import { describe, expect, it } from 'vitest';
import { updateCrc32c, updateCrc32cZeros } from '../../../src/bytes/checksums/crc32c.ts';

function bitwise(register: number, bytes: Uint8Array): number {
  let crc = register;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return crc >>> 0;
}

describe('updateCrc32c', () => {
  it.each([0, 1, 2, 3, 4])('at an alignment of %d, with and without zeros at the end', (offset) => {
    for (let length = 0; length < 150; length++) {
      for (const zeros of [0, 3, 8, 61, 256]) {
        const bytes = new Uint8Array(offset + length + zeros);
        for (let i = 0; i < length; i++) bytes[offset + i] = (i * 31 + length) & 0xff;
        const part = bytes.subarray(offset);
        expect(updateCrc32c(length * 0x1010101, part)).toBe(bitwise(length * 0x1010101, part));
      }
    }
  });

  it('steps over zeros as if it had read them', () => {
    for (const length of [0, 1, 7, 4096, 100_003]) {
      expect(updateCrc32cZeros(0xdeadbeef, length)).toBe(bitwise(0xdeadbeef, new Uint8Array(length)));
    }
  });
});
