import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { ImageError } from '../../src/errors.ts';
import { defaultLimits } from '../../src/limits.ts';
import { bootRecord, partitionRecord } from '../../src/volumes/mbr/boot-record.ts';
import { mbr } from '../../src/volumes/mbr/mbr.ts';
import type { VolumeTable } from '../../src/volumes/volume.ts';
import { createRandom, readImage, readSfdisk } from './fixture.ts';

/** Where sfdisk put the extended boot records, and the entries in each. */
const EXTENDED = 6144 * 512;
const FIRST = 446;
const SECOND = 462;

const open = (image: Uint8Array, limits = defaultLimits): VolumeTable =>
  mbr.open(new MemorySource(image, 'disk'), { limits }) as VolumeTable;
const detects = (image: Uint8Array): boolean => mbr.detect(new MemorySource(image, 'disk'));
const codes = (table: VolumeTable): string[] => table.diagnostics.map(({ level, code }) => `${level} ${code}`);
const names = (table: VolumeTable): string[] => table.volumes.map(({ name }) => name);

function failure(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

describe('an MBR', () => {
  it('agrees with sfdisk, less the extended partition itself', () => {
    const wanted = readSfdisk('mbr');
    const table = open(readImage('mbr'));
    expect(detects(readImage('mbr'))).toBe(true);
    expect(`0x${table.id}`).toBe(wanted.id);
    expect(table.volumes.map(({ partition }) => partition)).toMatchObject(
      wanted.partitions.filter(({ number }) => number !== 3),
    );
    expect(names(table)).toEqual(['p1', 'p2', 'p5', 'p6', 'p7']);
    expect(table.volumes.map(({ partition }) => partition?.uuid)).toEqual([
      'deadbe0f-01',
      'deadbe0f-02',
      'deadbe0f-05',
      'deadbe0f-06',
      'deadbe0f-07',
    ]);
    expect(table.volumes.map(({ partition }) => partition?.attributes)).toEqual(['80', '00', '00', '00', '00']);
    expect(codes(table)).toEqual([]);
  });

  it('keeps a partition whose bytes are missing, and says so', () => {
    const table = open(readImage('mbr').subarray(0, 5000 * 512));
    expect(names(table)).toEqual(['p1', 'p2']);
    expect(codes(table)).toEqual(['damage mbr/chain-truncated', 'damage partition/truncated']);
    expect(table.volumes[1]?.source.size).toBe(904 * 512);
  });

  it('reports overlaps', () => {
    const image = readImage('mbr');
    patchField(image, FIRST, partitionRecord.SizeInLBA, 2049);
    expect(codes(open(image))).toEqual(['damage partition/overlap']);
  });
});

describe('a chain of logical partitions', () => {
  it.each([
    ['comes back to its start', SECOND, 0, 'mbr/chain-loop'],
    ['leads past the end', SECOND, 0xffff_0000, 'mbr/chain-truncated'],
    ['leads to something else', SECOND, 100, 'mbr/bad-record'],
  ] as const)('%s', (_, entry, start, code) => {
    const image = readImage('mbr');
    patchField(image, EXTENDED + entry, partitionRecord.StartingLBA, start);
    const table = open(image);
    expect(names(table)).toEqual(['p1', 'p2', 'p5']);
    expect(codes(table)).toEqual([`damage ${code}`]);
  });

  it('without a record is broken from its start', () => {
    const image = readImage('mbr');
    patchField(image, EXTENDED, bootRecord.Signature, 0);
    expect(codes(open(image))).toEqual(['damage mbr/bad-record']);
  });

  it('ends at the limit of partitions', () => {
    expect(codes(open(readImage('mbr'), { ...defaultLimits, partitions: 5 }))).toEqual([]);
    expect(failure(() => open(readImage('mbr'), { ...defaultLimits, partitions: 4 }))).toBe('limit limit/partitions');
    const few = { ...defaultLimits, partitions: 2 };
    const image = readImage('mbr');
    image.fill(0, FIRST, FIRST + 32);
    expect(failure(() => open(image, few))).toBe('limit limit/partitions');
  });

  it('takes rubbish in the last two entries for what it is', () => {
    const image = readImage('mbr');
    image.copy(image, EXTENDED + 478, EXTENDED + FIRST, EXTENDED + FIRST + 16);
    patchField(image, EXTENDED + 478, partitionRecord.StartingLBA, 1_000_000);
    expect(names(open(image))).toEqual(['p1', 'p2', 'p5', 'p6', 'p7']);
  });
});

describe('what is no MBR', () => {
  const changed = (patch: (image: Buffer) => void): Buffer => {
    const image = readImage('mbr');
    patch(image);
    return image;
  };

  it.each([
    ['a GPT', () => readImage('gpt')],
    ['a hybrid MBR', () => readImage('hybrid')],
    ['no signature', () => changed((image) => patchField(image, 0, bootRecord.Signature, 0))],
    ['no entry', () => changed((image) => image.fill(0, FIRST, 510))],
    ['a boot indicator of 7', () => changed((image) => image.writeUInt8(7, SECOND))],
    ['NTFS', () => changed((image) => image.write('\xeb\x52\x90NTFS    ', 'latin1'))],
    ['exFAT', () => changed((image) => image.write('\xeb\x76\x90EXFAT   ', 'latin1'))],
    ['an ISO 9660 image', () => changed((image) => image.write('\x01CD001', 32_768, 'latin1'))],
    [
      'an ext file system',
      () =>
        changed((image) => {
          image.writeUInt32LE(100, 1024);
          image.writeUInt16LE(0xef53, 1024 + 56);
        }),
    ],
    [
      'a FAT boot sector, even with plausible entries',
      () => {
        const path = join(import.meta.dirname, '../fixtures/fat/fat12.img.gz');
        const image = gunzipSync(readFileSync(path));
        readImage('mbr').copy(image, FIRST, FIRST, 512);
        return image;
      },
    ],
    ['nothing', () => Buffer.alloc(0)],
    ['zeros', () => Buffer.alloc(4096)],
  ] as const)('%s', (_, make) => {
    expect(detects(make())).toBe(false);
  });

  it('is a boot loader that has the magic of ext by chance', () => {
    const image = changed((bytes) => {
      bytes.fill(0xff, 1024, 1024 + 80);
      bytes.writeUInt16LE(0xef53, 1024 + 56);
    });
    expect(detects(image)).toBe(true);
  });
});

describe('any damage', () => {
  it('ends in a table or an ImageError', () => {
    const random = createRandom(77);
    const image = readImage('mbr');
    const pristine = readImage('mbr');
    const records = [0, EXTENDED, 10_240 * 512, 14_336 * 512];
    const outcomes = new Set<string>();
    for (let round = 0; round < 400; round++) {
      for (let count = 0; count < 4; count++)
        image.writeUInt8(random(256), (records[random(4)] ?? 0) + FIRST + random(66));
      const part = image.subarray(0, random(4) === 0 ? random(image.length) : image.length);
      detects(part);
      outcomes.add(failure(() => codes(open(part))));
      for (const record of records) pristine.copy(image, record, record, record + 512);
    }
    expect(outcomes).toContain('none');
    expect(outcomes).toContain('corrupt mbr/bad-signature');
  });
});
