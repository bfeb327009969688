import { describe, expect, it } from 'vitest';
import { patchField } from '../../src/bytes/struct.ts';
import { qcow2Header } from '../../src/volumes/qcow2/header.ts';
import { qcow2 } from '../../src/volumes/qcow2/qcow2.ts';
import { expectSame, failure, fuzz, open, openDisk, readAll, readDisk, wanted } from './virtual-fixture.ts';

const names = Object.keys(wanted).filter((name) => name.endsWith('.qcow2'));

describe('a qcow2 disk', () => {
  it.each(names)('%s reads as qemu-img reads it', async (name) => {
    const disk = await openDisk(qcow2, readDisk(name));
    expect(disk.label).toBe('disk');
    expectSame(disk, wanted[name] as (typeof wanted)[string]);
  });

  it('says that snapshots are ignored', async () => {
    const { diagnostics } = await open(qcow2, readDisk('written.qcow2'));
    expect(diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['note qcow2/snapshots']);
    expect((await open(qcow2, readDisk('zlib.qcow2'))).diagnostics).toEqual([]);
  });

  it.each([
    [1, 'note qcow2/dirty'],
    [2, 'damage qcow2/marked-corrupt'],
  ])('with incompatible feature bit %i says so', async (bit, code) => {
    const image = readDisk('zlib.qcow2');
    patchField(image, 0, qcow2Header.incompatible_features, bit);
    expect((await open(qcow2, image)).diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual([code]);
  });
});

describe('refused by name', () => {
  const rows: readonly [string, keyof typeof qcow2Header, number, string][] = [
    ['version 4', 'version', 4, 'unsupported qcow2/version'],
    ['a backing file without a name', 'backing_file_offset', 512, 'corrupt qcow2/bad-backing-name'],
    ['AES', 'crypt_method', 1, 'unsupported qcow2/encrypted'],
    ['LUKS', 'crypt_method', 2, 'unsupported qcow2/encrypted'],
    ['an external data file', 'incompatible_features', 4, 'unsupported qcow2/external-data'],
    ['feature bit 5', 'incompatible_features', 32, 'unsupported qcow2/features'],
    ['feature bit 63', 'incompatible_features_high', 0x8000_0000, 'unsupported qcow2/features'],
    ['a compression type without its bit', 'compression_type', 1, 'corrupt qcow2/bad-header'],
    ['clusters of 256 bytes', 'cluster_bits', 8, 'corrupt qcow2/bad-header'],
    ['clusters of 4 MiB', 'cluster_bits', 22, 'corrupt qcow2/bad-header'],
    ['a short header', 'header_length', 100, 'corrupt qcow2/bad-header'],
    ['an L1 table of no entry', 'l1_size', 0, 'corrupt qcow2/bad-size'],
    ['an L1 table outside', 'l1_table_offset', 2 ** 40, 'corrupt qcow2/bad-l1'],
    ['a disk of 2^52 bytes', 'size', 2 ** 52, 'corrupt qcow2/bad-size'],
  ];
  it.each(rows)('%s', async (_, name, value, code) => {
    const image = readDisk('zlib.qcow2');
    patchField(image, 0, qcow2Header[name], value);
    expect(await failure(() => open(qcow2, image))).toBe(code);
  });

  it('an unknown compression type', async () => {
    const image = readDisk('zstd.qcow2');
    patchField(image, 0, qcow2Header.compression_type, 2);
    expect(await failure(() => open(qcow2, image))).toBe('unsupported qcow2/compression');
  });
});

describe('damage', () => {
  it('a cut-off file is told where its bytes are missing', async () => {
    const disk = await openDisk(qcow2, readDisk('v2.qcow2').subarray(0, 400_000));
    expect(await failure(() => readAll(disk))).toBe('truncated bytes/truncated');
    const compressed = await openDisk(qcow2, readDisk('zlib.qcow2').subarray(0, 0x50000));
    expect(await failure(() => readAll(compressed))).toMatch(/^(truncated qcow2\/truncated|corrupt|truncated)/);
  });

  it.each(['written.qcow2', 'zstd.qcow2', 'subclusters.qcow2'])('%s ends in bytes or an ImageError', async (name) => {
    const image = readDisk(name);
    const outcomes = await fuzz(
      qcow2,
      image,
      [
        [0, 112],
        [0, image.length],
        [0x30000, 0x40100],
      ],
      150,
    );
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(3);
  });
});
