import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { ImageError } from '../../src/errors.ts';
import { defaultLimits } from '../../src/limits.ts';
import { gpt } from '../../src/volumes/gpt/gpt.ts';
import { gptEntry } from '../../src/volumes/gpt/gpt-entries.ts';
import { gptHeader } from '../../src/volumes/gpt/gpt-header.ts';
import type { VolumeTable } from '../../src/volumes/volume.ts';
import { createRandom, readImage, readSfdisk, readText, sealGpt, sealHeader } from './fixture.ts';

const PRIMARY = 512;
const ENTRIES = 1024;
const BACKUP = 4 * 1024 * 1024 - 512;

const open = (image: Uint8Array): VolumeTable =>
  gpt.open(new MemorySource(image, 'disk'), { limits: defaultLimits }) as VolumeTable;
const codes = (table: VolumeTable): string[] => table.diagnostics.map(({ code }) => code);
const numbers = (table: VolumeTable): string[] => table.volumes.map(({ name }) => name);

function failure(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

describe('a GPT', () => {
  const image = readImage('gpt');

  it('agrees with sfdisk', () => {
    const wanted = readSfdisk('gpt');
    const table = open(image);
    expect(gpt.detect(new MemorySource(image, 'disk'))).toBe(true);
    expect(table.id).toBe(wanted.id);
    expect(table.volumes.map(({ partition }) => partition)).toMatchObject(wanted.partitions);
    expect(table.volumes.map(({ partition }) => partition?.uuid)).toEqual([
      'aaaaaaaa-0001-4000-8000-000000000001',
      'aaaaaaaa-0002-4000-8000-000000000002',
      'aaaaaaaa-0005-4000-8000-000000000005',
    ]);
    expect(table.volumes[1]?.partition?.attributes).toBe('0000000000000004');
    expect(table.volumes.map(({ source }) => [source.label, source.size])).toEqual([
      ['disk!p1', 2048 * 512],
      ['disk!p2', 2048 * 512],
      ['disk!p5', 857 * 512],
    ]);
    expect(table.diagnostics).toEqual([]);
  });

  it('is read with sectors of 4096 bytes', () => {
    const rows = [...readText('gpt-4k.txt').matchAll(/^\S+img(\d) +(\d+) +(\d+) (\S+) (\S+) (.*)$/gm)];
    const table = open(readImage('gpt-4k'));
    expect(rows).toHaveLength(2);
    expect(table.volumes.map(({ partition }) => partition)).toMatchObject(
      rows.map(([, number, first, last, type, uuid, name]) => ({
        number: Number(number),
        start: Number(first) * 4096,
        size: (Number(last) - Number(first) + 1) * 4096,
        type: type?.toLowerCase(),
        uuid: uuid?.toLowerCase(),
        name: name?.trim(),
      })),
    );
    expect(codes(table)).toEqual([]);
  });

  it('may be followed by space', () => {
    expect(codes(open(Buffer.concat([image, Buffer.alloc(12_345)])))).toEqual([]);
  });

  it('wins over a hybrid MBR', () => {
    const table = open(readImage('hybrid'));
    expect(numbers(table)).toEqual(['p1', 'p2', 'p5']);
    expect(codes(table)).toEqual(['gpt/hybrid-mbr']);
  });

  it('is seen without a protective MBR unless the MBR lists other partitions', () => {
    const bare = Buffer.from(image).fill(0, 0, 512);
    expect(gpt.detect(new MemorySource(bare, 'disk'))).toBe(true);
    expect(codes(open(bare))).toEqual(['gpt/no-protective-mbr']);
    const reused = Buffer.from(image);
    reused.writeUInt8(0x83, 446 + 4);
    expect(gpt.detect(new MemorySource(reused, 'disk'))).toBe(false);
  });
});

describe('a damaged GPT', () => {
  const damaged = (patch: (image: Buffer) => void): Buffer => {
    const image = readImage('gpt');
    patch(image);
    return image;
  };
  /** One field of the primary header or its entries made wrong, checksums made right again where they are not the point. */
  const primaries: readonly [string, (image: Buffer) => void][] = [
    ['header checksum', (image) => patchField(image, PRIMARY, gptHeader.HeaderCRC32, 1)],
    ['array checksum', (image) => patchField(image, ENTRIES, gptEntry.StartingLBA, 7)],
    ['signature', (image) => image.fill(0, PRIMARY, PRIMARY + 8)],
    ['header size 0', (image) => patchField(image, PRIMARY, gptHeader.HeaderSize, 0)],
    ['header size 2^32-1', (image) => patchField(image, PRIMARY, gptHeader.HeaderSize, 0xffff_ffff)],
    ...(
      [
        ['own place', gptHeader.MyLBA, 5n],
        ['twin at 2^63', gptHeader.AlternateLBA, 1n << 63n],
        ['array at 2^63', gptHeader.PartitionEntryLBA, 1n << 63n],
        ['array past the end', gptHeader.PartitionEntryLBA, 1n << 40n],
        ['0 entries', gptHeader.NumberOfPartitionEntries, 0n],
        ['2^32-1 entries', gptHeader.NumberOfPartitionEntries, 0xffff_ffffn],
        ['entries of 0 bytes', gptHeader.SizeOfPartitionEntry, 0n],
        ['entries of 3 bytes', gptHeader.SizeOfPartitionEntry, 3n],
        ['entries of 192 bytes', gptHeader.SizeOfPartitionEntry, 192n],
        ['entries of 2^31 bytes', gptHeader.SizeOfPartitionEntry, 1n << 31n],
      ] as const
    ).map(([name, field, value]): [string, (image: Buffer) => void] => [
      name,
      (image) => {
        patchField(image, PRIMARY, field, value);
        sealHeader(image, PRIMARY);
      },
    ]),
  ];

  it.each(primaries)('is replaced by its backup, and that is said: %s', (_, patch) => {
    const table = open(damaged(patch));
    expect(table.diagnostics).toMatchObject([{ level: 'damage', code: 'gpt/backup-used' }]);
    expect(numbers(table)).toEqual(['p1', 'p2', 'p5']);
  });

  it('is found again by what it says of its backup, or by the protective MBR, before trailing space', () => {
    const tail = Buffer.alloc(1_000_000);
    const noChecksum = damaged((image) => patchField(image, PRIMARY, gptHeader.HeaderCRC32, 1));
    expect(codes(open(Buffer.concat([noChecksum, tail])))).toEqual(['gpt/backup-used']);
    const wiped = damaged((image) => image.fill(0, 512, 17_408));
    expect(codes(open(Buffer.concat([wiped, tail])))).toEqual(['gpt/backup-used']);
  });

  it('falls back with sectors of 4096 bytes too', () => {
    const image = readImage('gpt-4k');
    image.fill(0, 4096, 8192);
    expect(numbers(open(image))).toEqual(['p1', 'p2']);
  });

  it.each(primaries)('is refused if both are: %s', (_, patch) => {
    const image = damaged((bytes) => {
      patch(bytes);
      patchField(bytes, BACKUP, gptHeader.HeaderCRC32, 1);
    });
    expect(gpt.detect(new MemorySource(image, 'disk'))).toBe(true);
    expect(failure(() => open(image))).toBe('corrupt gpt/no-valid-header');
  });

  it('is told when only the backup is bad', () => {
    expect(codes(open(damaged((image) => image.fill(0, BACKUP, BACKUP + 8))))).toEqual(['gpt/bad-backup']);
    expect(codes(open(damaged((image) => patchField(image, BACKUP, gptHeader.HeaderCRC32, 1))))).toEqual([
      'gpt/bad-backup',
    ]);
  });

  it('has its backup looked at when the end of the image is there, if that is still being decoded', () => {
    const sound = readImage('gpt');
    for (const [bytes, holds] of [
      [sound, true],
      [damaged((each) => each.fill(0, BACKUP, BACKUP + 8)), false],
    ] as const) {
      const assumed: (() => boolean)[] = [];
      const source = Object.assign(new MemorySource(bytes, 'disk'), {
        assume: (assumption: () => boolean) => assumed.push(assumption),
      });
      expect(codes(gpt.open(source, { limits: defaultLimits }) as VolumeTable)).toEqual([]);
      expect(assumed.map((assumption) => assumption())).toEqual([holds]);
    }
  });

  it('is told when the two tables differ; the primary counts', () => {
    const image = damaged((bytes) => {
      patchField(bytes, ENTRIES, gptEntry.EndingLBA, 3000);
      sealGpt(bytes, PRIMARY);
    });
    const table = open(image);
    expect(codes(table)).toEqual(['gpt/tables-differ']);
    expect(table.volumes[0]?.source.size).toBe((3000 - 2048 + 1) * 512);
  });

  it('keeps a partition whose bytes are missing, and says how many', () => {
    const cut = readImage('gpt').subarray(0, 5000 * 512);
    const table = open(cut);
    expect(codes(table)).toEqual(['gpt/truncated', 'partition/truncated', 'partition/truncated']);
    expect(table.diagnostics.map(({ level, touches }) => `${level} ${touches}`)).toEqual([
      'damage everything',
      'damage everything',
      'damage everything',
    ]);
    expect(table.volumes.map(({ source, partition }) => [source.size, partition?.size])).toEqual([
      [2048 * 512, 2048 * 512],
      [904 * 512, 2048 * 512],
      [0, 857 * 512],
    ]);
  });

  it('reports overlaps, and entries that make no sense', () => {
    const overlap = damaged((image) => {
      patchField(image, ENTRIES, gptEntry.EndingLBA, 4096);
      sealGpt(image, PRIMARY);
    });
    expect(codes(open(overlap))).toEqual(['gpt/tables-differ', 'partition/overlap']);
    for (const [first, last] of [
      [4096n, 2048n],
      [0n, 10n],
      [1n << 63n, 1n << 63n],
      [2048n, (1n << 53n) - 2n],
    ] as const) {
      const image = damaged((bytes) => {
        patchField(bytes, ENTRIES, gptEntry.StartingLBA, first);
        patchField(bytes, ENTRIES, gptEntry.EndingLBA, last);
        sealGpt(bytes, PRIMARY);
      });
      const table = open(image);
      expect(numbers(table)).toEqual(['p2', 'p5']);
      expect(table.diagnostics.map(({ level }) => level)).toEqual(['note', 'damage']);
    }
    const outside = damaged((image) => {
      patchField(image, ENTRIES, gptEntry.StartingLBA, 20);
      sealGpt(image, PRIMARY);
    });
    expect(codes(open(outside))).toEqual(['gpt/tables-differ', 'gpt/outside-usable']);
  });

  it('keeps to the limit of partitions', () => {
    const source = new MemorySource(readImage('gpt'), 'disk');
    expect(failure(() => gpt.open(source, { limits: { ...defaultLimits, partitions: 2 } }))).toBe(
      'limit limit/partitions',
    );
  });

  it('ends in a table or an ImageError whatever the bytes', () => {
    const random = createRandom(20_240_601);
    const outcomes = new Set<string>();
    const image = readImage('gpt');
    const pristine = readImage('gpt');
    for (let round = 0; round < 500; round++) {
      for (let count = 0; count < 4; count++) {
        const base = [446, PRIMARY, ENTRIES, BACKUP, BACKUP - 32 * 512][random(5)] as number;
        image.writeUInt8(random(256), base + random(base === 446 ? 64 : 92));
      }
      if (random(2) === 0) sealGpt(image, PRIMARY);
      const end = random(4) === 0 ? random(image.length) : image.length;
      outcomes.add(failure(() => open(image.subarray(0, end))));
      for (const [from, to] of [
        [0, 2048],
        [BACKUP - 64 * 512, image.length],
      ] as const)
        pristine.copy(image, from, from, to);
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(1);
  });
});

describe('what is no GPT', () => {
  it.each([0, 1, 511, 512, 4096])('%i zero bytes', (size) => {
    expect(gpt.detect(new MemorySource(new Uint8Array(size), 'disk'))).toBe(false);
  });
});
