import { describe, expect, it } from 'vitest';
import { patchField } from '../../src/bytes/struct.ts';
import { vdi, vdiHeader } from '../../src/volumes/vdi/vdi.ts';
import { expectSame, failure, fuzz, open, openDisk, readAll, readDisk, wanted } from './virtual-fixture.ts';

const names = Object.keys(wanted).filter((name) => name.endsWith('.vdi'));

describe('a VDI disk', () => {
  it.each(names)('%s reads as qemu-img reads it', async (name) => {
    expectSame(await openDisk(vdi, readDisk(name)), wanted[name] as (typeof wanted)[string]);
  });

  it('may be static, which is the same with every block there', async () => {
    const image = readDisk('dynamic.vdi');
    patchField(image, 0, vdiHeader.image_type, 2);
    expectSame(await openDisk(vdi, image), wanted['dynamic.vdi'] as (typeof wanted)[string]);
  });

  it('has zeros where a block was given back', async () => {
    const image = readDisk('dynamic.vdi');
    const map = image.readUInt32LE(vdiHeader.offset_bmap.offset);
    image.writeUInt32LE(0xffff_fffe, map);
    const disk = await openDisk(vdi, image);
    expect(disk.read(0, 2 ** 20).every((byte) => byte === 0)).toBe(true);
    expect(disk.read(2 ** 20, 2 ** 20).every((byte) => byte === 0)).toBe(false);
  });
});

describe('refused', () => {
  const rows: readonly [string, keyof typeof vdiHeader, number, string][] = [
    ['version 1.2', 'version', 0x0001_0002, 'unsupported vdi/version'],
    ['an undo disk', 'image_type', 3, 'unsupported vdi/needs-parent'],
    ['a differencing disk', 'image_type', 4, 'unsupported vdi/needs-parent'],
    ['extra data', 'block_extra', 512, 'unsupported vdi/block-extra'],
    ['blocks of 100 bytes', 'block_size', 100, 'corrupt vdi/bad-header'],
    ['too few blocks', 'blocks_in_image', 2, 'corrupt vdi/bad-header'],
    ['too many blocks', 'blocks_in_image', 2 ** 31, 'corrupt vdi/bad-header'],
    ['a map outside', 'offset_bmap', 2 ** 31, 'corrupt vdi/bad-header'],
  ];
  it.each(rows)('%s', async (_, name, value, code) => {
    const image = readDisk('dynamic.vdi');
    patchField(image, 0, vdiHeader[name], value);
    expect(await failure(() => open(vdi, image))).toBe(code);
  });
});

describe('damage', () => {
  it('a cut-off file is told where its bytes are missing', async () => {
    const disk = await openDisk(vdi, readDisk('dynamic.vdi').subarray(0, 2 ** 21));
    expect(await failure(() => readAll(disk))).toBe('truncated bytes/truncated');
  });

  it('ends in bytes or an ImageError', async () => {
    const outcomes = await fuzz(
      vdi,
      readDisk('dynamic.vdi'),
      [
        [64, 472],
        [512, 600],
      ],
      150,
    );
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(3);
  });
});
