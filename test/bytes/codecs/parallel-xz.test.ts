import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateBlocks } from '../../../src/bytes/codecs/xz/locate-blocks.ts';
import { openParallel, type ParallelOptions } from '../../../src/bytes/codecs/xz/parallel-xz.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { describeContent, expected, readFixture } from './fixtures.ts';

const blocks = readFixture('streams/blocks.xz');
const streams = readFixture('streams/streams.xz');
const wanted = expected.streams['blocks.xz'];

let folder = '';
let options: ParallelOptions = { limits: defaultLimits };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-test-'));
  const worker = join(folder, 'worker.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../../../src/bytes/codecs/xz/block-worker.ts')],
    outfile: worker,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  options = { limits: defaultLimits, worker: pathToFileURL(worker), minOutput: 1 };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('locating blocks', () => {
  it('finds them as `xz --list` shows them', () => {
    const places = locateBlocks(new MemorySource(blocks, 'x')) ?? [];
    expect(places.length).toBe(Math.ceil(expected.content.size / 4096));
    expect(places.map((place) => place.outputOffset)).toEqual(places.map((_, i) => 4096 * i));
    expect(places.reduce((sum, place) => sum + place.outputSize, 0)).toBe(expected.content.size);
  });

  it('goes through several streams and the padding between them', () => {
    const places = locateBlocks(new MemorySource(streams, 'x')) ?? [];
    expect(places.map(({ outputOffset, outputSize, checkId }) => [outputOffset, outputSize, checkId])).toEqual([
      [0, 2500, 4],
      [2500, expected.content.size - 2500, 1],
    ]);
  });

  it('leaves every other file to the sequential decoder', () => {
    for (let length = 0; length < blocks.length; length += 7) {
      expect(locateBlocks(new MemorySource(blocks.subarray(0, length), 'x'))).toEqual(length === 0 ? [] : undefined);
    }
    expect(locateBlocks(new MemorySource(Buffer.concat([blocks, Buffer.from('tail')]), 'x'))).toBeUndefined();
  });
});

describe('decoding blocks in parallel', () => {
  it.each([
    ['blocks', blocks],
    ['streams', streams],
  ])('gives the same bytes: %s', async (_, bytes) => {
    const source = await openParallel(new MemorySource(bytes, 'disk.wic'), options);
    expect(source?.label).toBe('disk.wic');
    expect(describeContent(source?.read(0, source.size) ?? new Uint8Array(0))).toEqual(wanted);
    source?.close();
  });

  it('names the first damaged block by its place in the file', async () => {
    const places = locateBlocks(new MemorySource(blocks, 'x')) ?? [];
    const damaged = new Uint8Array(blocks);
    for (const place of places.slice(1)) {
      const at = place.offset + place.unpaddedSize - 1;
      damaged[at] = (damaged[at] as number) ^ 1;
    }
    const second = places[1];
    await expect(openParallel(new MemorySource(damaged, 'disk.wic'), options)).rejects.toMatchObject({
      name: 'ImageError',
      kind: 'corrupt',
      code: 'xz/bad-checksum',
      location: { source: 'disk.wic', offset: second?.offset },
    });
  });

  it('holds the index against the budget before anything is decoded', async () => {
    const limits = { ...defaultLimits, spoolBytes: 1000 };
    await expect(openParallel(new MemorySource(blocks, 'x'), { ...options, limits })).rejects.toMatchObject({
      code: 'limit/spoolBytes',
    });
  });

  it('is not for small files, single blocks, or where there is no built worker', async () => {
    const { minOutput: _, ...usual } = options;
    expect(await openParallel(new MemorySource(blocks, 'x'), usual)).toBeUndefined();
    expect(await openParallel(new MemorySource(readFixture('streams/crc64.xz'), 'x'), options)).toBeUndefined();
    expect(await openParallel(new MemorySource(blocks, 'x'), { limits: defaultLimits, minOutput: 1 })).toBeUndefined();
  });
});
