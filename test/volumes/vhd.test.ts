import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { vhdDynamicHeader } from '../../src/volumes/vhd/dynamic.ts';
import { FOOTER_BYTES, vhdFooter } from '../../src/volumes/vhd/footer.ts';
import { vhd } from '../../src/volumes/vhd/vhd.ts';
import { expectSame, failure, fuzz, open, openDisk, readAll, readDisk, wanted } from './virtual-fixture.ts';

const names = Object.keys(wanted).filter((name) => name.endsWith('.vhd'));

/** Makes a checksum hold again after a patch. */
function seal(image: Buffer, base: number, field: { readonly offset: number }, length: number): void {
  image.writeUInt32BE(0, base + field.offset);
  let sum = 0;
  for (const byte of image.subarray(base, base + length)) sum += byte;
  image.writeUInt32BE(~sum >>> 0, base + field.offset);
}

/** A disk whose footers say `value`. */
function withFooter(name: string, field: 'current_size' | 'disk_type' | 'data_offset', value: number): Buffer {
  const image = readDisk(name);
  const bases = name.startsWith('fixed') ? [image.length - FOOTER_BYTES] : [0, image.length - FOOTER_BYTES];
  for (const base of bases) {
    patchField(image, base, vhdFooter[field], value);
    seal(image, base, vhdFooter.checksum, FOOTER_BYTES);
  }
  return image;
}

describe('a VHD disk', () => {
  it.each(names)('%s reads as qemu-img reads it', async (name) => {
    expectSame(await openDisk(vhd, readDisk(name)), wanted[name] as (typeof wanted)[string]);
  });

  it('is looked for at the end when that is there, if the image is still being decoded', () => {
    const assumed: (() => boolean)[] = [];
    const source = Object.assign(new MemorySource(readDisk('fixed.vhd'), 'disk'), {
      assume: (assumption: () => boolean) => assumed.push(assumption),
    });
    expect(vhd.detect(source)).toBe(false);
    expect(assumed.map((assumption) => assumption())).toEqual([false]);
  });

  it('has zeros where a sector was never written', async () => {
    const image = readDisk('dynamic.vhd');
    const block = image.readUInt32BE(1536) * 512;
    image[block] = 0x7f;
    const disk = await openDisk(vhd, image);
    expect(disk.read(0, 512).every((byte) => byte === 0)).toBe(true);
    expect(Buffer.from(disk.read(512, 8)).toString()).toBe('EFI PART');
  });

  it('falls back to the copy of a damaged footer and says so', async () => {
    const image = readDisk('dynamic.vhd');
    image[image.length - 100] = 1;
    expect((await open(vhd, image)).diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual([
      'note vhd/bad-footer',
    ]);
    const cut = await open(vhd, image.subarray(0, image.length - FOOTER_BYTES));
    expect(cut.diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['damage vhd/no-footer']);
  });
});

describe('refused', () => {
  it.each([
    ['a differencing disk', 'dynamic.vhd', 'disk_type', 4, 'unsupported vhd/needs-parent'],
    ['an unknown type', 'dynamic.vhd', 'disk_type', 6, 'corrupt vhd/bad-footer'],
    ['a disk larger than its table', 'dynamic.vhd', 'current_size', 2 ** 40, 'corrupt vhd/bad-header'],
    ['a header elsewhere', 'dynamic.vhd', 'data_offset', 4096, 'corrupt vhd/bad-header'],
    ['a header outside', 'dynamic.vhd', 'data_offset', 2 ** 40, 'truncated bytes/truncated'],
    ['a fixed disk larger than its file', 'fixed.vhd', 'current_size', 2 ** 40, 'corrupt vhd/bad-footer'],
  ] as const)('%s', async (_, name, field, value, code) => {
    expect(await failure(() => open(vhd, withFooter(name, field, value)))).toBe(code);
  });

  it.each([
    ['blocks of 3 sectors', 'block_size', 1536, 'corrupt vhd/bad-header'],
    ['a table of 2^31 entries', 'max_table_entries', 2 ** 31, 'corrupt vhd/bad-header'],
  ] as const)('%s', async (_, field, value, code) => {
    const image = readDisk('dynamic.vhd');
    patchField(image, 512, vhdDynamicHeader[field], value);
    expect(await failure(() => open(vhd, image))).toBe('corrupt vhd/bad-header');
    seal(image, 512, vhdDynamicHeader.checksum, 1024);
    expect(await failure(() => open(vhd, image))).toBe(code);
  });

  it('a fixed disk whose footer is damaged', async () => {
    const image = readDisk('fixed.vhd');
    image[image.length - 100] = 1;
    expect(await failure(() => open(vhd, image))).toBe('corrupt vhd/bad-footer');
  });
});

describe('damage', () => {
  it('a block past the end is told', async () => {
    const image = readDisk('dynamic.vhd');
    image.writeUInt32BE(0x00ff_ffff, 1536);
    const disk = await openDisk(vhd, image);
    expect(await failure(() => readAll(disk))).toBe('truncated bytes/truncated');
  });

  it('ends in bytes or an ImageError', async () => {
    const image = readDisk('dynamic.vhd');
    const outcomes = await fuzz(
      vhd,
      image,
      [
        [0, 512],
        [512, 560],
        [1536, 1560],
        [image.length - 512, image.length],
      ],
      150,
    );
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(2);
  });
});
