/** Telling ext by its bytes, and opening it through the registry entry. */
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ext, extBackup } from '../../../src/filesystems/ext/ext.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { readImage } from './images.ts';

const source = (bytes: Uint8Array): MemorySource => new MemorySource(bytes, 'disk.wic!p2');

describe('detection', () => {
  it.each([0, 1, 1024, 1081, 2047])('of %d bytes is no', (length) => {
    const bytes = readImage('ext2-1k').subarray(0, length);
    expect(ext.detect(source(bytes))).toBe(false);
    expect(extBackup.detect(source(bytes))).toBe(false);
  });

  it('takes a magic number, and a backup only where the first superblock is gone', () => {
    const bytes = readImage('ext4-backup');
    expect(ext.detect(source(bytes))).toBe(true);
    bytes.fill(0, 0, 2048);
    expect(ext.detect(source(bytes))).toBe(false);
    expect(extBackup.detect(source(bytes))).toBe(true);
    expect(extBackup.detect(source(new Uint8Array(bytes.length)))).toBe(false);
  });
});

describe('opening', () => {
  it.each([
    { image: 'ext2-1k', format: 'ext2' },
    { image: 'ext3-1k', format: 'ext3' },
    { image: 'ext4-1k', format: 'ext4' },
    { image: 'ext2-revision-0', format: 'ext2' },
  ])('$image says what blkid says', async ({ image, format }) => {
    const fileSystem = await ext.open(source(readImage(image)), { limits: defaultLimits });
    expect(fileSystem).toMatchObject({
      format,
      label: 'disk.wic!p2',
      volumeLabel: 'a label',
      uuid: '11111111-2222-3333-4444-555566667777',
      root: 2,
    });
  });
});

describe('limits', () => {
  it('of directory entries and of attribute bytes are held, and named', async () => {
    const limits = { ...defaultLimits, directoryEntries: 1000, xattrBytes: 100 };
    const many = await ext.open(source(readImage('many-tea')), { limits });
    const directory = many.list(many.root).find(({ type, name }) => type === 'directory' && name !== 'lost+found');
    expect(() => many.list(directory?.node ?? 0)).toThrow(expect.objectContaining({ code: 'limit/directoryEntries' }));
    const attributes = await ext.open(source(readImage('ext4-ea-inode')), { limits });
    const file = attributes.lookup(attributes.root, 'file') ?? 0;
    expect(() => attributes.xattrs(file)).toThrow(expect.objectContaining({ code: 'limit/xattrBytes' }));
  });
});
