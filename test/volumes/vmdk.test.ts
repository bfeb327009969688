import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField, u8 } from '../../src/bytes/struct.ts';
import { parseDescriptor } from '../../src/volumes/vmdk/descriptor.ts';
import { SECTOR, vmdkHeader } from '../../src/volumes/vmdk/sparse-header.ts';
import { vmdk } from '../../src/volumes/vmdk/vmdk.ts';
import { expectSame, failure, fuzz, open, openDisk, readAll, readDisk, wanted } from './virtual-fixture.ts';

const names = Object.keys(wanted).filter((name) => name.endsWith('.vmdk'));

/** The stored descriptor with `from` replaced by `to` of the same length. */
function edit(name: string, from: string, to: string): Buffer {
  const image = readDisk(name);
  const at = image.indexOf(from);
  expect(at).toBeGreaterThan(0);
  image.write(to, at, 'latin1');
  return image;
}

/** The stream-optimized disk as VMware writes it: the header says that its copy at the end counts. */
function withFooter(): Buffer {
  const image = readDisk('stream.vmdk');
  const copy = Buffer.from(image.subarray(0, SECTOR));
  image.fill(0xff, vmdkHeader.gdOffset.offset, vmdkHeader.gdOffset.offset + 8);
  const marker = Buffer.alloc(SECTOR);
  marker.writeUInt8(1, 0);
  marker.writeUInt8(3, 12);
  return Buffer.concat([image, marker, copy, Buffer.alloc(SECTOR)]);
}

describe('a VMDK disk', () => {
  it.each(names)('%s reads as qemu-img reads it', async (name) => {
    expectSame(await openDisk(vmdk, readDisk(name)), wanted[name] as (typeof wanted)[string]);
  });

  it('with its header at the end reads as qemu-img reads it', async () => {
    expectSame(await openDisk(vmdk, withFooter()), wanted['stream.vmdk'] as (typeof wanted)[string]);
  });

  it('that was not closed says so', async () => {
    const image = readDisk('sparse.vmdk');
    expect((await open(vmdk, image)).diagnostics).toEqual([]);
    patchField(image, 0, vmdkHeader.uncleanShutdown, 1);
    expect((await open(vmdk, image)).diagnostics.map(({ code }) => code)).toEqual(['vmdk/unclean']);
  });
});

describe('a description', () => {
  it('of a flat disk leads to the file that holds the data', async () => {
    const image = readDisk('flat.vmdk');
    expect(parseDescriptor(image)).toEqual({
      createType: 'monolithicFlat',
      extents: [{ sectors: 10_243, type: 'FLAT', file: 'flat-flat.vmdk', offset: 0 }],
      hasParent: false,
    });
    expect(vmdk.detect(new MemorySource(image, 'disk'))).toBe(true);
    await expect(open(vmdk, image)).rejects.toMatchObject({
      kind: 'unsupported',
      code: 'vmdk/other-files',
      remedy: 'check flat-flat.vmdk, which is the plain disk; with --backing it is read, if it lies beside the image',
    });
  });

  it.each([
    ['monolithicSparse', 'twoGbMaxExtentSp', 'unsupported vmdk/other-files'],
    ['parentCID=ffffffff', 'parentCID=1234abcd', 'unsupported vmdk/needs-parent'],
  ])('%s changed to %s', async (from, to, code) => {
    expect(await failure(() => open(vmdk, edit('sparse.vmdk', from, to)))).toBe(code);
  });
});

describe('refused', () => {
  const rows: readonly [
    string,
    Exclude<keyof typeof vmdkHeader, 'magicNumber' | 'gdOffset' | 'newLines'>,
    number,
    string,
  ][] = [
    ['version 4', 'version', 4, 'unsupported vmdk/version'],
    ['a compression unknown', 'compressAlgorithm', 2, 'unsupported vmdk/compression'],
    ['a part of a split disk', 'descriptorOffset', 0, 'unsupported vmdk/split'],
    ['a huge description', 'descriptorSize', 4096, 'corrupt vmdk/bad-header'],
    ['grains of 3 sectors', 'grainSize', 3, 'corrupt vmdk/bad-header'],
    ['grains of 1 GiB', 'grainSize', 2 ** 21, 'corrupt vmdk/bad-header'],
    ['grain tables of no entry', 'numGTEsPerGT', 0, 'corrupt vmdk/bad-header'],
    ['a disk of 2^49 bytes', 'capacity', 2 ** 40, 'corrupt vmdk/bad-header'],
    ['a disk of 2^61 bytes', 'capacity', 2 ** 52, 'corrupt vmdk/bad-header'],
  ];
  it.each(rows)('%s', async (_, name, value, code) => {
    const image = withFooter();
    patchField(image, image.length - 2 * SECTOR, vmdkHeader[name], value);
    expect(await failure(() => open(vmdk, image))).toBe(code);
  });

  it('a copy that was made as text', async () => {
    const image = readDisk('sparse.vmdk');
    patchField(image, vmdkHeader.newLines.offset, u8(2), 0x0a);
    expect(await failure(() => open(vmdk, image))).toBe('corrupt vmdk/bad-header');
  });

  it('the COWD format', async () => {
    expect(await failure(() => open(vmdk, Buffer.from('COWD'.padEnd(2048, '\0'))))).toBe('unsupported vmdk/cowd');
  });
});

describe('damage', () => {
  it('a cut-off stream has no footer', async () => {
    const image = withFooter();
    expect(await failure(() => open(vmdk, image.subarray(0, image.length - SECTOR)))).toBe('truncated vmdk/no-footer');
  });

  it('a grain in the wrong place is noticed', async () => {
    const image = readDisk('stream.vmdk');
    const first = image.indexOf(Buffer.from([0x78]), 128 * SECTOR) - 12;
    expect(image.readUInt32LE(first + 8)).toBeLessThan(65_536);
    image[first] = (image[first] ?? 0) ^ 1;
    const disk = await openDisk(vmdk, image);
    expect(await failure(() => readAll(disk))).toBe('corrupt vmdk/bad-grain');
  });

  it.each(names)('%s ends in bytes or an ImageError', async (name) => {
    const image = readDisk(name);
    const outcomes = await fuzz(
      vmdk,
      image,
      [
        [0, 512],
        [0, image.length],
        [10_240, 12_000],
        [image.length - 1024, image.length],
      ],
      120,
    );
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(3);
  });
});
