import { describe, expect, it } from 'vitest';
import type { BlockDecoder } from '../../../src/bytes/codecs/blocks/block.ts';
import { decodeDeflate, decodeZlib } from '../../../src/bytes/codecs/blocks/deflate.ts';
import { decodeLz4 } from '../../../src/bytes/codecs/blocks/lz4.ts';
import { decodeLzma, decodeMicroLzma } from '../../../src/bytes/codecs/blocks/lzma.ts';
import { decodeLzo } from '../../../src/bytes/codecs/blocks/lzo.ts';
import { decodeXzBlock } from '../../../src/bytes/codecs/blocks/xz.ts';
import { prepareZstdBlocks } from '../../../src/bytes/codecs/blocks/zstd.ts';
import { ImageError } from '../../../src/errors.ts';
import { describeContent, expected, readFixture, seeded } from './fixtures.ts';

const decoders: Readonly<Record<string, BlockDecoder>> = {
  deflate: decodeDeflate,
  lz4: decodeLz4,
  lzma: decodeLzma,
  lzo: decodeLzo,
  microlzma: decodeMicroLzma,
  xz: decodeXzBlock,
  zlib: decodeZlib,
  zstd: await prepareZstdBlocks(),
};
function tryDecode(run: () => Uint8Array): Uint8Array | ImageError {
  try {
    return run();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
}

it('has a decoder for every block of the fixtures', () => {
  expect(Object.keys(decoders).sort()).toEqual([...expected.blocks].sort());
});

describe.each(Object.entries(decoders))('a block of %s', (name, decode) => {
  // A Buffer, as sources give: what its methods do differently must not matter.
  const file = `blocks/${name}`;
  const block = Buffer.from(readFixture(file));
  const { size } = expected.content;
  const whole = decode(block, size);

  it('expands to what was packed, again and again', () => {
    expect(describeContent(whole)).toEqual(expected.content);
    expect(describeContent(decode(block, size))).toEqual(expected.content);
    expect(Buffer.compare(block, readFixture(file))).toBe(0);
  });

  it('may be asked for its beginning only', () => {
    for (const length of [1, 100, 4096, size - 1]) {
      expect(Buffer.compare(decode(block, length, { partial: true }), whole.subarray(0, length))).toBe(0);
    }
  });

  it('is refused when it holds more or less than it may', () => {
    // MicroLZMA has no end of its own: it yields what is asked for.
    if (name !== 'microlzma') {
      expect(tryDecode(() => decode(block, size - 1))).toMatchObject({ kind: 'corrupt' });
      expect(decode(block, size + 1000).length).toBe(size);
    }
    for (let part = 0; part < 64; part++) {
      const result = tryDecode(() => decode(block.subarray(0, Math.floor((block.length * part) / 64)), size));
      if (result instanceof Uint8Array) expect(result.length).toBeLessThan(size);
    }
  });

  it('ends in bytes or an ImageError whatever it holds', () => {
    const random = seeded(11);
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const damaged = new Uint8Array(block.subarray(0, round % 2 ? block.length : 1 + random(block.length)));
      for (let flips = 1 + random(4); flips > 0; flips--) damaged[random(damaged.length)] = random(256);
      const result = tryDecode(() => decode(damaged, size, { partial: round % 3 === 0 }));
      if (result instanceof ImageError) refused++;
      else expect(result.length).toBeLessThanOrEqual(size);
    }
    expect(refused).toBeGreaterThan(0);
    // And damage leaves nothing behind for the next block.
    expect(describeContent(decode(block, size))).toEqual(expected.content);
  });
});
