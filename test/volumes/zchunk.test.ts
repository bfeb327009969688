import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { zchunk } from '../../src/volumes/zchunk/zchunk.ts';
import { expectSame, failure, fuzz, open, openDisk, readAll, readDisk, readJson } from './virtual-fixture.ts';

const recorded = readJson<Record<string, { size: number; sha256: string }>>('zchunk.json');
/** The lead of disk.zck: magic, kind of checksum, length of the rest. */
const LEAD = 8;
const DIGEST = 32;

/** The disk with `edit` made in its header, the checksum of which holds again. */
function edited(name: string, edit: (image: Buffer) => void): Buffer {
  const image = readDisk(`${name}.zck`);
  edit(image);
  const end = LEAD + DIGEST + (image[6] ?? 0) + ((image[7] ?? 0) & 0x7f) * 128;
  const hash = createHash('sha256')
    .update(image.subarray(0, LEAD))
    .update(image.subarray(LEAD + DIGEST, end));
  hash.digest().copy(image, LEAD);
  return image;
}

describe('a zchunk file', () => {
  it.each(['disk', 'uncompressed-sums', 'stored'])('%s reads as unzck reads it', async (name) => {
    expectSame(await openDisk(zchunk, readDisk(`${name}.zck`)), recorded[name] ?? { size: 0, sha256: '' });
  });

  it('with a dictionary is refused by name', async () => {
    expect(await failure(() => open(zchunk, readDisk('dictionary.zck')))).toBe('unsupported zchunk/dictionary');
  });

  it('without its data is none', async () => {
    const image = readDisk('disk.zck');
    image.write('\0ZHR1', 'latin1');
    expect(await failure(() => open(zchunk, image))).toBe('input zchunk/header-only');
  });
});

describe('damage', () => {
  it('to the header is told at once', async () => {
    const image = readDisk('disk.zck');
    image[200] = (image[200] ?? 0) ^ 1;
    expect(await failure(() => open(zchunk, image))).toBe('corrupt zchunk/bad-header');
    expect(await failure(() => open(zchunk, image.subarray(0, 500)))).toBe('truncated bytes/truncated');
  });

  it('to a chunk is told when it is read', async () => {
    const image = readDisk('disk.zck');
    image[image.length - 1] = (image[image.length - 1] ?? 0) ^ 1;
    const disk = await openDisk(zchunk, image);
    expect(await failure(() => disk.read(0, 1000))).toBe('none');
    expect(await failure(() => readAll(disk))).toBe('corrupt zchunk/bad-checksum');
    const cut = await openDisk(zchunk, readDisk('disk.zck').subarray(0, image.length - 10));
    expect(await failure(() => readAll(cut))).toBe('truncated bytes/truncated');
  });

  it.each([
    ['a checksum unknown', 5, 0x89, 'unsupported zchunk/checksum'],
    ['flags unknown', LEAD + 2 * DIGEST, 0x88, 'unsupported zchunk/features'],
    ['several streams', LEAD + 2 * DIGEST, 0x81, 'unsupported zchunk/streams'],
    ['a compression unknown', LEAD + 2 * DIGEST + 1, 0x81, 'unsupported zchunk/compression'],
    ['more chunks than the header holds', LEAD + 2 * DIGEST + 5, 0xff, 'corrupt zchunk/bad-header'],
  ] as const)('%s', async (_, at, value, code) => {
    const image = edited('disk', (bytes) => bytes.writeUInt8(value, at));
    expect(await failure(() => open(zchunk, image))).toBe(code);
  });

  it('ends in bytes or an ImageError', async () => {
    const outcomes = await fuzz(
      zchunk,
      readDisk('disk.zck'),
      [
        [5, 100],
        [920, 7000],
      ],
      200,
    );
    expect(outcomes).toContain('corrupt zchunk/bad-checksum');
    expect(outcomes.size).toBeGreaterThan(2);
  });

  it('of a header that is sealed again ends in bytes or an ImageError', async () => {
    const outcomes = new Set<string>();
    for (let at = LEAD + 2 * DIGEST; at < 400; at++) {
      const image = edited('disk', (bytes) => bytes.writeUInt8((at * 37) & 0xff, at));
      outcomes.add(
        await failure(async () => {
          const disk = await openDisk(zchunk, image);
          for (let place = 0; place < disk.size; place += 2 ** 20) disk.read(place, 1);
        }),
      );
    }
    expect(outcomes.size).toBeGreaterThan(3);
  });
});
