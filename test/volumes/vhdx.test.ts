import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/bytes/checksums/crc32c.ts';
import { patchField, u8, u16le, u32le, u64le } from '../../src/bytes/struct.ts';
import { regionEntry, regionTable, vhdxHeader } from '../../src/volumes/vhdx/header.ts';
import { vhdx } from '../../src/volumes/vhdx/vhdx.ts';
import { expectSame, failure, fuzz, open, openDisk, readAll, readDisk, wanted } from './virtual-fixture.ts';

const KiB = 1024;
const headers = [64 * KiB, 128 * KiB];
const tables = [192 * KiB, 256 * KiB];

function seal(image: Buffer, base: number, length: number): void {
  image.writeUInt32LE(0, base + 4);
  image.writeUInt32LE(crc32c(image.subarray(base, base + length)), base + 4);
}

function withHeaders(offset: number, value: number): Buffer {
  const image = readDisk('dynamic.vhdx');
  for (const base of headers) {
    patchField(image, base, u16le(offset), value);
    seal(image, base, 4 * KiB);
  }
  return image;
}

/** Offset of a region, by its place in the table. */
function region(image: Buffer, index: number): number {
  return Number(image.readBigUInt64LE((tables[0] ?? 0) + 16 + index * 32 + 16));
}

const bat = (image: Buffer): number => region(image, 0);
const metadata = (image: Buffer): number => region(image, 1);

describe('a VHDX disk', () => {
  it('of fixed size reads as qemu-img reads it', async () => {
    expectSame(await openDisk(vhdx, readDisk('fixed.vhdx')), wanted['fixed.vhdx'] as (typeof wanted)[string]);
  });

  it('reads as qemu-img reads it', async () => {
    const image = readDisk('dynamic.vhdx');
    expectSame(await openDisk(vhdx, image), wanted['dynamic.vhdx'] as (typeof wanted)[string]);
    expect(image.toString('latin1', metadata(image), metadata(image) + 8)).toBe('metadata');
  });

  it('is read with one header and one region table damaged', async () => {
    const image = readDisk('dynamic.vhdx');
    for (const base of [headers[0] ?? 0, tables[0] ?? 0]) image[base + 20] = (image[base + 20] ?? 0) ^ 1;
    expectSame(await openDisk(vhdx, image), wanted['dynamic.vhdx'] as (typeof wanted)[string]);
    for (const base of headers) image[base + 30] = (image[base + 30] ?? 0) ^ 1;
    expect(await failure(() => open(vhdx, image))).toBe('corrupt vhdx/bad-header');
  });
});

describe('refused', () => {
  it('a disk whose log has to be replayed', async () => {
    expect(await failure(() => open(vhdx, withHeaders(vhdxHeader.LogGuid.offset, 7)))).toBe(
      'unsupported vhdx/dirty-log',
    );
  });

  it('version 2', async () => {
    expect(await failure(() => open(vhdx, withHeaders(vhdxHeader.Version.offset, 2)))).toBe('unsupported vhdx/version');
  });

  it('a required region it does not know, and a table without the known ones', async () => {
    const image = readDisk('dynamic.vhdx');
    for (const base of tables) {
      patchField(image, base + 16, u8(0), 0);
      patchField(image, base + 16, regionEntry.Required, 1);
      seal(image, base, 64 * KiB);
    }
    expect(await failure(() => open(vhdx, image))).toBe('unsupported vhdx/region');
    for (const base of tables) {
      patchField(image, base, regionTable.EntryCount, 0);
      seal(image, base, 64 * KiB);
    }
    expect(await failure(() => open(vhdx, image))).toBe('corrupt vhdx/bad-header');
    for (const base of tables) {
      patchField(image, base, regionTable.EntryCount, 3000);
      seal(image, base, 64 * KiB);
    }
    expect(await failure(() => open(vhdx, image))).toBe('corrupt vhdx/bad-header');
  });

  it.each([
    ['a differencing disk', 64 * KiB + 4, u32le(0), 2, 'unsupported vhdx/needs-parent'],
    ['blocks of 3 MiB', 64 * KiB, u32le(0), 3 * 2 ** 20, 'corrupt vhdx/bad-metadata'],
    ['a disk larger than its table', 64 * KiB + 8, u64le(0), 2 ** 52, 'corrupt vhdx/bad-table'],
    ['3000 items', 10, u16le(0), 3000, 'corrupt vhdx/bad-metadata'],
    ['no signature', 0, u8(0), 0, 'corrupt vhdx/bad-metadata'],
    ['an unknown item', 32, u8(0), 0, 'unsupported vhdx/metadata'],
    ['an item outside', 48, u32le(0), 2 ** 31, 'corrupt vhdx/bad-metadata'],
  ] as const)('%s', async (_, offset, field, value, code) => {
    const image = readDisk('dynamic.vhdx');
    patchField(image, metadata(image) + offset, field, value);
    expect(await failure(() => open(vhdx, image))).toBe(code);
  });
});

describe('damage', () => {
  it.each([
    [5, 'corrupt vhdx/bad-entry'],
    [7, 'corrupt vhdx/bad-entry'],
    [2, 'none'],
  ])('a block of state %i', async (state, code) => {
    const image = readDisk('dynamic.vhdx');
    image.writeUInt32LE(state, bat(image));
    const disk = await openDisk(vhdx, image);
    expect(await failure(() => readAll(disk))).toBe(code);
  });

  it('ends in bytes or an ImageError', async () => {
    const image = readDisk('dynamic.vhdx');
    const places = [
      [metadata(image), metadata(image) + 200],
      [metadata(image) + 64 * KiB, metadata(image) + 64 * KiB + 64],
      [bat(image), bat(image) + 64],
    ] as const;
    const outcomes = await fuzz(vhdx, image, places, 150);
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(3);
  });
});
