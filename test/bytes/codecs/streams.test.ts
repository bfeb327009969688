import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/bytes/byte-source.ts';
import type { Codec, CodecOptions } from '../../../src/bytes/codecs/codec.ts';
import { codecs } from '../../../src/bytes/codecs/registry.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../src/errors.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { describeContent, expected, readFixture, seeded } from './fixtures.ts';

/** Streams in which damage may change the content unnoticed, since the format carries no checksum of it. */
const UNCHECKED = [
  'none.xz',
  'unchecked.zst',
  'unchecked.lz4',
  'legacy.lz4',
  'frames.lz4',
  'plain.lzma',
  'dict4k.lzma',
];

const names = Object.keys(expected.streams);
function findCodec(source: ByteSource): Codec {
  const codec = codecs.find((each) => each.detect(source));
  if (!codec) throw new ImageError('input', 'test/undetected', 'no codec takes this');
  return codec;
}

async function expandBytes(bytes: Uint8Array, options: Partial<CodecOptions> = {}): Promise<Uint8Array | ImageError> {
  const source = new MemorySource(bytes, 'disk.wic');
  try {
    const output = await findCodec(source).open(source, { limits: defaultLimits, ...options });
    expect(output.label).toBe('disk.wic');
    const content = output.read(0, output.size).slice();
    output.close();
    return content;
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
}

/** Expands, and demands bytes. */
async function expandGood(bytes: Uint8Array, options?: Partial<CodecOptions>): Promise<Uint8Array> {
  const result = await expandBytes(bytes, options);
  if (result instanceof ImageError) throw result;
  return result;
}

describe.each(names)('%s', (name) => {
  const bytes = readFixture(`streams/${name}`);
  const wanted = expected.streams[name];

  it('is told by its first bytes', () => {
    const source = new MemorySource(bytes, name);
    expect(codecs.filter((codec) => codec.detect(source)).map((codec) => codec.id)).toEqual([name.split('.')[1]]);
  });

  it('expands to what its own tool says', async () => {
    expect(describeContent(await expandGood(bytes))).toEqual(wanted);
  });

  it('is refused when it is cut off anywhere', async () => {
    for (let part = 0; part < 64; part++) {
      const result = await expandBytes(bytes.subarray(0, Math.floor((bytes.length * part) / 64)));
      // What lies behind the last member may be missing.
      if (!(result instanceof ImageError)) expect(describeContent(result)).toEqual(wanted);
    }
  });

  it('never passes a flipped bit for content', async () => {
    const random = seeded(7);
    let refused = 0;
    for (let round = 0; round < 48; round++) {
      const damaged = bytes.slice();
      const at = random(damaged.length);
      damaged[at] = (damaged[at] as number) ^ (1 << random(8));
      const result = await expandBytes(damaged);
      if (result instanceof ImageError) refused++;
      else if (!UNCHECKED.includes(name)) expect(describeContent(result), `bit in byte ${at}`).toEqual(wanted);
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('says where other bytes begin behind it', async () => {
    const longer = Buffer.concat([bytes, Buffer.from('garbage behind the stream')]);
    expect(await expandBytes(longer)).toMatchObject({
      kind: 'corrupt',
      code: expect.stringMatching(/\/trailing-bytes$/),
    });
    let trailing = -1;
    const content = await expandGood(longer, { onTrailing: (offset) => (trailing = offset) });
    expect(describeContent(content)).toEqual(wanted);
    expect(Buffer.from(longer.subarray(trailing)).toString('latin1')).toContain('garbage behind the stream');
  });

  it('stays inside the budget', async () => {
    const size = wanted?.size ?? 0;
    const result = await expandBytes(bytes, { limits: { ...defaultLimits, spoolBytes: size } });
    expect(result).toBeInstanceOf(Uint8Array);
    if (size === 0) return;
    expect(await expandBytes(bytes, { limits: { ...defaultLimits, spoolBytes: size - 1 } })).toMatchObject({
      kind: 'limit',
      code: 'limit/spoolBytes',
    });
  });
});

describe('detection', () => {
  it('takes nothing for a stream that is none', () => {
    for (const bytes of [
      [],
      [0x1f],
      [0x1f, 0x8b, 7, 0],
      [0x28, 0xb5],
      [0x42, 0x5a, 0x68, 0x30, 0x31, 0x41, 0x59, 0x26],
    ]) {
      const source = new MemorySource(Uint8Array.from([...bytes]), 'x');
      expect(codecs.some((codec) => codec.detect(source))).toBe(false);
    }
    expect(codecs.some((codec) => codec.detect(new MemorySource(new Uint8Array(4096), 'x')))).toBe(false);
  });
});
