import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { patchField } from '../../src/bytes/struct.ts';
import { androidSparse } from '../../src/volumes/android-sparse/android-sparse.ts';
import { chunkHeader, sparseHeader } from '../../src/volumes/android-sparse/chunks.ts';
import { expectSame, failure, fuzz, open, openDisk, readAll, readDisk, wanted } from './virtual-fixture.ts';

const RAW = 0xcac1;
const FILL = 0xcac2;
const DONT_CARE = 0xcac3;
const CRC32 = 0xcac4;

type Made = readonly [type: number, blocks: number, data: Buffer];

/** An image of blocks of 512 bytes; `checksum` of the whole, 0 for none. */
function make(chunks: readonly Made[], checksum = 0): Buffer {
  const header = Buffer.alloc(28);
  header.writeUInt32LE(0xed26_ff3a);
  patchField(header, 0, sparseHeader.major_version, 1);
  patchField(header, 0, sparseHeader.file_hdr_sz, 28);
  patchField(header, 0, sparseHeader.chunk_hdr_sz, 12);
  patchField(header, 0, sparseHeader.blk_sz, 512);
  patchField(
    header,
    0,
    sparseHeader.total_blks,
    chunks.reduce((sum, [, blocks]) => sum + blocks, 0),
  );
  patchField(header, 0, sparseHeader.total_chunks, chunks.length);
  patchField(header, 0, sparseHeader.image_checksum, checksum);
  const parts = chunks.flatMap(([type, blocks, data]) => {
    const chunk = Buffer.alloc(12);
    patchField(chunk, 0, chunkHeader.chunk_type, type);
    patchField(chunk, 0, chunkHeader.chunk_sz, blocks);
    patchField(chunk, 0, chunkHeader.total_sz, 12 + data.length);
    return [chunk, data];
  });
  return Buffer.concat([header, ...parts]);
}

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const raw = Buffer.from(Array.from({ length: 1024 }, (_, i) => (i * 7) & 0xff));
const chunks: readonly Made[] = [
  [RAW, 2, raw],
  [FILL, 5, number(0x1234_5678)],
  [DONT_CARE, 3, Buffer.alloc(0)],
  [FILL, 1, number(0)],
];
const whole = Buffer.concat([raw, Buffer.alloc(5 * 512, number(0x1234_5678)), Buffer.alloc(4 * 512)]);

describe('an Android sparse image', () => {
  it('reads as simg2img reads it', async () => {
    expectSame(await openDisk(androidSparse, readDisk('raw.simg')), wanted['raw.simg'] as (typeof wanted)[string]);
  });

  it('has raw, repeated and absent blocks', async () => {
    const disk = await openDisk(androidSparse, make(chunks));
    expect(readAll(disk, 333).equals(whole)).toBe(true);
    expect(Buffer.from(disk.read(1023, 1500)).equals(whole.subarray(1023, 2523))).toBe(true);
  });

  it('costs nothing for what it repeats', async () => {
    const disk = await openDisk(
      androidSparse,
      make([
        [FILL, 2 ** 31, number(7)],
        [RAW, 2, raw],
      ]),
    );
    expect(disk.size).toBe(2 ** 40 + 1024);
    expect([...disk.read(2 ** 39, 4)]).toEqual([7, 0, 0, 0]);
    expect(Buffer.from(disk.read(2 ** 40, 1024)).equals(raw)).toBe(true);
  });

  it('is held against its checksums', async () => {
    const total = crc32(whole);
    const half = crc32(whole.subarray(0, 7 * 512));
    const withHalf = (value: number): Made[] => [...chunks.slice(0, 2), [CRC32, 0, number(value)], ...chunks.slice(2)];
    expect(await failure(() => open(androidSparse, make(chunks, total)))).toBe('none');
    expect(await failure(() => open(androidSparse, make(chunks, total ^ 1)))).toBe(
      'corrupt android-sparse/bad-checksum',
    );
    expect(await failure(() => open(androidSparse, make(withHalf(half), total)))).toBe('none');
    expect(await failure(() => open(androidSparse, make(withHalf(half ^ 1))))).toBe(
      'corrupt android-sparse/bad-checksum',
    );
    expect(readAll(await openDisk(androidSparse, make(withHalf(half)))).equals(whole)).toBe(true);
  });
});

describe('refused', () => {
  it.each([
    ['major_version', 2, 'unsupported android-sparse/version'],
    ['blk_sz', 0, 'corrupt android-sparse/bad-chunk'],
    ['blk_sz', 511, 'corrupt android-sparse/bad-chunk'],
    ['blk_sz', 1024, 'corrupt android-sparse/bad-chunk'],
    ['total_blks', 12, 'corrupt android-sparse/bad-chunk'],
    ['total_chunks', 3, 'corrupt android-sparse/bad-chunk'],
    ['total_chunks', 5, 'truncated bytes/truncated'],
    ['total_chunks', 2 ** 32 - 1, 'limit android-sparse/too-many-chunks'],
    ['chunk_hdr_sz', 8, 'corrupt android-sparse/bad-chunk'],
  ] as const)('%s = %i', async (name, value, code) => {
    const image = make(chunks);
    patchField(image, 0, sparseHeader[name], value);
    expect(await failure(() => open(androidSparse, image))).toBe(code);
  });

  it('chunks that make no sense', async () => {
    const bad: Made[] = [
      [0xcac5, 1, raw],
      [RAW, 1, raw],
      [FILL, 1, raw],
      [DONT_CARE, 1, raw],
      [CRC32, 1, number(0)],
    ];
    for (const chunk of bad)
      expect(await failure(() => open(androidSparse, make([chunk])))).toBe('corrupt android-sparse/bad-chunk');
    const image = make(chunks);
    expect(await failure(() => open(androidSparse, image.subarray(0, 500)))).toBe('truncated bytes/truncated');
  });
});

it('ends in bytes or an ImageError whatever the damage', async () => {
  const outcomes = await fuzz(
    androidSparse,
    make(chunks, crc32(whole)),
    [
      [4, 28],
      [28, 1200],
    ],
    300,
  );
  expect(outcomes).toContain('none');
  expect(outcomes.size).toBeGreaterThan(2);
});
