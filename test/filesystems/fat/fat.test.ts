import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { patchField } from '../../../src/bytes/struct.ts';
import { ImageError } from '../../../src/errors.ts';
import { bootSector, extension16, readLayout } from '../../../src/filesystems/fat/boot-sector.ts';
import { directoryEntry, longNameEntry } from '../../../src/filesystems/fat/directory.ts';
import { fat } from '../../../src/filesystems/fat/fat.ts';
import { VfatFileSystem } from '../../../src/filesystems/fat/vfat.ts';
import type { FileSystem, NodeId } from '../../../src/filesystems/file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { describeConformance, failureKind, hashRange, walk } from '../conformance.ts';
import { readExpectation } from '../expectation.ts';

const folder = join(import.meta.dirname, '../../fixtures/fat');
const unpacked = new Map<string, Buffer>();
function readImage(name: string): Buffer {
  const image = unpacked.get(name) ?? gunzipSync(readFileSync(join(folder, `${name}.img.gz`)));
  unpacked.set(name, image);
  return Buffer.from(image);
}
const open = (image: Uint8Array): VfatFileSystem => new VfatFileSystem(new MemorySource(image, 'esp'), defaultLimits);
const expected = readExpectation(join(folder, 'expected.json.gz'));
const images = ['fat12', 'fat16', 'fat32', 'fat16-4k'] as const;

function failure(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

function find(fileSystem: FileSystem, path: string): NodeId {
  let node = fileSystem.root;
  for (const name of path.split('/').slice(1)) {
    const next = fileSystem.lookup(node, name);
    if (next === undefined) throw new Error(`the fixture has no ${path}`);
    node = next;
  }
  return node;
}

for (const name of images) {
  const source = new MemorySource(readImage(name), 'esp');
  describeConformance(name, () => fat.open(source, { limits: defaultLimits }), expected, { foldsCase: true });
}

describe('a FAT volume', () => {
  const fileSystem = open(readImage('fat16'));

  it.each(images)('is told by its boot sector: %s', (name) => {
    expect(fat.detect(new MemorySource(readImage(name), 'esp'))).toBe(true);
    expect(readLayout(new MemorySource(readImage(name), 'esp')).bits).toBe(Number(name.slice(3, 5)));
  });

  it('has the label and serial number that blkid prints', () => {
    const { volumeLabel, uuid } = fileSystem;
    expect(`LABEL=${volumeLabel.replace(' ', '\\ ')}\nUUID=${uuid}\n`).toBe(
      readFileSync(join(folder, 'blkid.txt'), 'utf8'),
    );
  });

  it('finds names whatever their case, without dots at the end, and by their short alias', () => {
    const root = fileSystem.root;
    const upper = find(fileSystem, '/UPPER.TXT');
    expect(
      ['upper.txt', 'Upper.Txt', 'UPPER.TXT.', 'UPPER.TXT...'].map((name) => fileSystem.lookup(root, name)),
    ).toEqual(Array(4).fill(upper));
    expect(fileSystem.lookup(root, 'zÜRICH ✓ NAÏVE.TXT')).toBe(find(fileSystem, '/Zürich ✓ naïve.txt'));
    expect(fileSystem.lookup(root, 'ALONGF~1.TEX')).toBeDefined();
    expect(fileSystem.lookup(root, '...')).toBeUndefined();
  });

  it('has really scattered the scattered file', () => {
    const image = readImage('fat16');
    const entry = find(open(image), '/fragmented.bin');
    const first = image.readUInt16LE(entry + directoryEntry.FstClusLO.offset);
    const { fatStart } = readLayout(new MemorySource(image, 'esp'));
    const clusters = Array.from({ length: 4 }, (_, index) => image.readUInt16LE(fatStart + (first + index) * 2));
    expect(clusters).not.toEqual([first + 1, first + 2, first + 3, first + 4]);
  });

  it('takes a short name in code page 437 with its case bits', () => {
    const image = readImage('fat16');
    const entry = find(open(image), '/UPPER.TXT');
    image.write('\x05\x81PER   TXT', entry, 'latin1');
    image.writeUInt8(0x10, entry + directoryEntry.NTRes.offset);
    const names = open(image)
      .list(1)
      .map(({ name }) => name);
    expect(names).toContain('σüPER.txt');
  });

  it.each([
    ['no jump', (image: Buffer) => image.writeUInt8(0, 0)],
    ['sectors of 513 bytes', (image: Buffer) => patchField(image, 0, bootSector.BytsPerSec, 513)],
    ['3 sectors a cluster', (image: Buffer) => patchField(image, 0, bootSector.SecPerClus, 3)],
    ['0 sectors a cluster', (image: Buffer) => patchField(image, 0, bootSector.SecPerClus, 0)],
    ['no reserved sector', (image: Buffer) => patchField(image, 0, bootSector.RsvdSecCnt, 0)],
    ['no FAT', (image: Buffer) => patchField(image, 0, bootSector.NumFATs, 0)],
    ['no media', (image: Buffer) => patchField(image, 0, bootSector.Media, 0x13)],
  ] as const)('is none with %s', (_, patch) => {
    const image = readImage('fat16');
    patch(image);
    expect(fat.detect(new MemorySource(image, 'esp'))).toBe(false);
    expect(failure(() => open(image))).toBe('corrupt fat/bad-boot-sector');
  });

  it.each([0, 1, 511, 512, 4096])('is not seen in %i zero bytes', (size) => {
    expect(fat.detect(new MemorySource(new Uint8Array(size), 'esp'))).toBe(false);
  });

  it('is refused by name if it is exFAT', () => {
    const image = Buffer.alloc(4096);
    image.write('\xeb\x76\x90EXFAT   ', 'latin1');
    expect(fat.detect(new MemorySource(image, 'esp'))).toBe(true);
    expect(failure(() => open(image))).toBe('unsupported fat/exfat');
  });

  it('says when it was not unmounted cleanly', () => {
    const byBoot = readImage('fat16');
    patchField(byBoot, 0, extension16.Reserved1, 1);
    const byTable = readImage('fat16');
    byTable.writeUInt16LE(0x7fff, readLayout(new MemorySource(byTable, 'esp')).fatStart + 2);
    for (const image of [byBoot, byTable])
      expect(open(image).diagnostics.map(({ code }) => code)).toEqual(['fat/dirty']);
  });

  it('says when its end is missing, and reads what is there', () => {
    const image = readImage('fat16');
    const cut = open(image.subarray(0, image.length / 2));
    expect(cut.diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['damage fat/truncated']);
    expect(hashRange(cut.open(find(cut, '/UPPER.TXT')))).toBe(
      hashRange(fileSystem.open(find(fileSystem, '/UPPER.TXT'))),
    );
    const tiny = open(image.subarray(0, 1024));
    expect(tiny.diagnostics.map(({ level }) => level)).toEqual(['damage', 'damage']);
    expect(failureKind(() => tiny.list(1))).toBe('truncated');
  });
});

describe('a damaged chain', () => {
  /** A FAT16 image where the entry of `/EFI/BOOT/BOOTX64.EFI`'s cluster number `index` holds `value`. */
  function patched(index: number, value: (cluster: number) => number): VfatFileSystem {
    const image = readImage('fat16');
    const first = image.readUInt16LE(find(open(image), '/EFI/BOOT/BOOTX64.EFI') + directoryEntry.FstClusLO.offset);
    const { fatStart } = readLayout(new MemorySource(image, 'esp'));
    image.writeUInt16LE(value(first), fatStart + (first + index) * 2);
    return open(image);
  }
  const read = (fileSystem: FileSystem): string =>
    failure(() => fileSystem.open(find(fileSystem, '/EFI/BOOT/BOOTX64.EFI')));

  it.each([
    ['leads back to itself', (first: number) => first, 'corrupt fat/loop'],
    ['leads to a free cluster', () => 0, 'corrupt fat/free-cluster'],
    ['leads to a bad cluster', () => 0xfff7, 'corrupt fat/bad-cluster'],
    ['leads to cluster 1', () => 1, 'corrupt fat/no-such-cluster'],
    ['leads past the end', () => 0xfff0, 'corrupt fat/no-such-cluster'],
    ['ends early', () => 0xffff, 'corrupt fat/short-chain'],
  ] as const)('%s', (_, value, outcome) => {
    const fileSystem = patched(5, value);
    expect(read(fileSystem)).toBe(outcome);
    expect(read(fileSystem)).toBe(outcome);
    expect(failure(() => fileSystem.open(find(fileSystem, '/loader/entries/boot.conf')))).toBe('none');
  });

  it('shares a cluster with another', () => {
    const image = readImage('fat16');
    const whole = open(image);
    const [one, two] = ['/UPPER.TXT', '/NOEXT'].map((path) => find(whole, path)) as [number, number];
    image.writeUInt16LE(image.readUInt16LE(two + 26), one + 26);
    const fileSystem = open(image);
    fileSystem.open(one);
    expect(failure(() => fileSystem.open(two))).toBe('corrupt fat/cross-link');
  });

  it('of a directory leads to its parent or to the root', () => {
    for (const value of [0, 1, 0xfff8]) {
      const image = readImage('fat16');
      image.writeUInt16LE(value, find(open(image), '/EFI/BOOT') + directoryEntry.FstClusLO.offset);
      const fileSystem = open(image);
      expect(failureKind(() => fileSystem.list(find(fileSystem, '/EFI/BOOT')))).toBe('corrupt');
    }
    const image = readImage('fat16');
    const whole = open(image);
    image.copy(image, find(whole, '/EFI/BOOT') + 26, find(whole, '/EFI') + 26, find(whole, '/EFI') + 28);
    const fileSystem = open(image);
    fileSystem.list(find(fileSystem, '/EFI'));
    expect(failure(() => fileSystem.list(find(fileSystem, '/EFI/BOOT')))).toBe('corrupt fat/cross-link');
  });
});

describe('a damaged directory', () => {
  const rootNames = (image: Buffer): string[] =>
    open(image)
      .list(1)
      .map(({ name }) => name);
  const longName = 'name.with.many.dots.cfg';
  const shortName = 'NAMEWI~1.CFG';

  it.each([
    ['checksum', longNameEntry.Chksum],
    ['order', longNameEntry.Ord],
  ] as const)('falls back to the short name on a wrong %s', (_, field) => {
    const image = readImage('fat16');
    patchField(image, find(open(image), `/${longName}`) - 32, field, 0x3d);
    const names = rootNames(image);
    expect(names).toContain(shortName);
    expect(names).not.toContain(longName);
  });

  it('ignores a long name without its short entry', () => {
    const image = readImage('fat16');
    image.writeUInt8(0xe5, find(open(image), `/${longName}`));
    expect(rootNames(image)).not.toContain(longName);
    expect(rootNames(image)).not.toContain(shortName);
  });

  it('leaves out a name that is no file name, and the second entry of one name, and says so', () => {
    const slash = readImage('fat16');
    slash.write('A/B     TXT', find(open(slash), '/UPPER.TXT'), 'latin1');
    expect(open(slash).diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['damage fat/bad-name']);
    const twice = readImage('fat16');
    const [upper, noext] = ['/UPPER.TXT', '/NOEXT'].map((path) => find(open(twice), path)) as [number, number];
    twice.copy(twice, Math.max(upper, noext), Math.min(upper, noext), Math.min(upper, noext) + 11);
    expect(open(twice).diagnostics.map(({ code }) => code)).toEqual(['fat/duplicate-name']);
    expect(() => walk(open(twice))).not.toThrow();
  });
});

describe('any damage', () => {
  it.each(images)('ends in a value or an ImageError: %s', (name) => {
    const image = readImage(name);
    const { fatStart, rootStart, dataStart } = readLayout(new MemorySource(image, 'esp'));
    let state = 4711;
    const random = (bound: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % bound;
    };
    const outcomes = new Set<string>();
    for (let round = 0; round < 120; round++) {
      const saved: [number, number][] = [];
      for (let count = 0; count < 6; count++) {
        const base = [11, fatStart, rootStart, dataStart][random(4)] as number;
        const at = base + random(base === 11 ? 60 : 2048);
        saved.push([at, image[at] as number]);
        image.writeUInt8(random(256), at);
      }
      outcomes.add(
        failure(() => {
          const fileSystem = open(image.subarray(0, random(8) === 0 ? random(image.length) : image.length));
          const stack = [fileSystem.root];
          for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
            const directory = node;
            failureKind(() => {
              for (const entry of fileSystem.list(directory)) {
                fileSystem.stat(entry.node);
                if (entry.type === 'directory') stack.push(entry.node);
                else
                  failureKind(() =>
                    fileSystem.open(entry.node).read(0, Math.min(64, fileSystem.stat(entry.node).size)),
                  );
              }
            });
          }
        }),
      );
      for (const [at, value] of saved.reverse()) image.writeUInt8(value, at);
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(1);
  });
});

it.each(images)('%s has as many free clusters as fsck.fat counts', (name) => {
  const counted = new RegExp(`^${name} (\\d+)/(\\d+)$`, 'm').exec(readFileSync(join(folder, 'usage.txt'), 'utf8'));
  const [used, all] = [Number(counted?.[1]), Number(counted?.[2])];
  const { clusterBytes } = readLayout(new MemorySource(readImage(name), 'esp'));
  expect(open(readImage(name)).usage()).toEqual({ size: all * clusterBytes, available: (all - used) * clusterBytes });
});
