/** Streams that no tool writes: bombs, and headers that ask for what is not given. */
import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/bytes/byte-source.ts';
import { gzip } from '../../../src/bytes/codecs/gzip/gzip.ts';
import { codecs } from '../../../src/bytes/codecs/registry.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../src/errors.ts';
import { defaultLimits } from '../../../src/limits.ts';

const GiB = 2 ** 30;

function open(bytes: Uint8Array): Promise<ByteSource> {
  const source = new MemorySource(bytes, 'disk.wic');
  const codec = codecs.find((each) => each.detect(source));
  if (!codec) throw new Error('no codec takes this');
  return codec.open(source, { limits: defaultLimits });
}

/** A zstd frame with a window of 128 KiB whose blocks are `count` runs of 128 KiB of `byte`. */
function zstdRuns(count: number, byte: number): Uint8Array {
  const frame = Buffer.alloc(6 + 4 * count);
  frame.set([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]);
  for (let i = 0; i < count; i++) {
    frame.writeUIntLE(((128 * 1024) << 3) | 2 | (i === count - 1 ? 1 : 0), 6 + 4 * i, 3);
    frame[9 + 4 * i] = byte;
  }
  return frame;
}

/** An xz stream up to its first block header, which asks for the dictionary with this code. */
function xzDictionary(code: number): Uint8Array {
  const header = Buffer.from([
    0xfd,
    0x37,
    0x7a,
    0x58,
    0x5a,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    2,
    0,
    0x21,
    1,
    code,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  header.writeUInt32LE(crc32(header.subarray(6, 8)), 8);
  header.writeUInt32LE(crc32(header.subarray(12, 20)), 20);
  return header;
}

describe('hostile streams', () => {
  it('expand to gigabytes of zeroes at little cost', async () => {
    const source = await open(zstdRuns(GiB / (128 * 1024), 0));
    expect(source.size).toBe(GiB);
    expect(source.read(GiB - 4, 4)).toEqual(Buffer.alloc(4));
    source.close();
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(200 * 2 ** 20);
  });

  it('are refused where they ask for too much', async () => {
    const window28 = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x90, 1, 0, 0);
    await expect(open(window28)).rejects.toMatchObject({ kind: 'limit', code: 'zstd/window' });
    await expect(open(xzDictionary(36))).rejects.toMatchObject({ kind: 'limit', code: 'xz/dictionary' });
    const lzma = Buffer.from([0x5d, 0, 0, 0, 0x20, ...new Array<number>(8).fill(0xff), 0, 0, 0, 0, 0]);
    await expect(open(lzma)).rejects.toMatchObject({ kind: 'limit', code: 'lzma/dictionary' });
  });

  it('are refused by the name of what is not supported', async () => {
    const dictionary = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1, 0x58, 7, 1, 0, 0);
    await expect(open(dictionary)).rejects.toMatchObject({
      kind: 'unsupported',
      code: 'zstd/dictionary',
      message: expect.stringContaining('dictionary 7'),
    });
    const riscv = Buffer.from(xzDictionary(22));
    riscv.set([1, 0x0b, 0, 0x21, 1, 22], 13);
    riscv.writeUInt32LE(crc32(riscv.subarray(12, 20)), 20);
    await expect(open(riscv)).rejects.toMatchObject({
      kind: 'unsupported',
      code: 'xz/filter',
      message: expect.stringContaining('riscv'),
    });
  });

  it('end in the error of what they lie in', async () => {
    const packed = gzipSync(randomBytes(600_000));
    const source = new MemorySource(packed, 'disk.wic.gz');
    const error = new ImageError('corrupt', 'xz/bad-checksum', 'the outer layer is damaged');
    const damaged = Object.assign(Object.create(source) as ByteSource, {
      size: source.size,
      label: source.label,
      read(offset: number, length: number): Uint8Array {
        if (offset + length > 500_000) throw error;
        return source.read(offset, length);
      },
    });
    await expect(gzip.open(damaged, { limits: defaultLimits })).rejects.toBe(error);
  });

  it('may be thousands of gzip members', async () => {
    const part = Buffer.from('member\n');
    const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(crc32(part), 0);
    tail.writeUInt32LE(part.length, 4);
    const member = Buffer.concat([head, deflateRawSync(part), tail]);
    const source = await open(Buffer.concat(new Array<Buffer>(3000).fill(member)));
    expect(source.size).toBe(3000 * part.length);
    expect(Buffer.from(source.read(2999 * part.length, part.length)).toString()).toBe('member\n');
  });
});
