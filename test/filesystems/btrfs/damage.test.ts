/** Damage in named fields, in one of two copies, and at random. */
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../src/bytes/checksums/crc32c.ts';
import { type NumberField, patchField, Struct, u32le } from '../../../src/bytes/struct.ts';
import { btrfsMirror } from '../../../src/filesystems/btrfs/btrfs.ts';
import { BtrfsFileSystem } from '../../../src/filesystems/btrfs/btrfs-file-system.ts';
import { HEADER, HEADER_SIZE, LEAF_ITEM, LEAF_ITEM_SIZE } from '../../../src/filesystems/btrfs/node.ts';
import { SUPERBLOCK } from '../../../src/filesystems/btrfs/superblock.ts';
import { SUPERBLOCK_PLACES, SUPERBLOCK_SIZE } from '../../../src/filesystems/btrfs/superblock-places.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { walk } from '../conformance.ts';
import { createRandom, outcomeOf, readEverything } from '../fuzz.ts';
import type { SparseImage } from '../sparse-image.ts';
import { openImage, readImage, readTree } from './images.ts';

const [first, mirror] = SUPERBLOCK_PLACES;
const CHECKSUM_FIELD = 32;
/** Of a tree block: the low half of the number of its tree. */
const OWNER = u32le(88);

/** Gives every tree block and superblock the checksum of what is in it now. */
function seal(image: SparseImage, nodeSize: number): void {
  const uuid = image.read(first + SUPERBLOCK.fsid.offset, SUPERBLOCK.fsid.length);
  for (const at of image.blocks) {
    const isSuper = SUPERBLOCK_PLACES.some((place) => place === at);
    const found = image.read(at + HEADER.fsid.offset, HEADER.fsid.length);
    if (!isSuper && Buffer.compare(found, uuid) !== 0) continue;
    const bytes = image.read(at, isSuper ? SUPERBLOCK_SIZE : nodeSize);
    const sum = new Uint8Array(4);
    new DataView(sum.buffer).setUint32(0, crc32c(bytes.subarray(CHECKSUM_FIELD)), true);
    image.write(at, sum);
  }
}

function patch(image: SparseImage, at: number, field: NumberField, value: number): void {
  const bytes = Uint8Array.from(image.read(at, field.offset + 8));
  patchField(bytes, 0, field, value);
  image.write(at, bytes);
}

/** Byte offsets of the leaves that belong to tree `owner`. */
function leavesOf(image: SparseImage, owner: number): number[] {
  const uuid = image.read(first + SUPERBLOCK.fsid.offset, SUPERBLOCK.fsid.length);
  return image.blocks.filter((at) => {
    const s = new Struct(image.read(at, HEADER_SIZE));
    return Buffer.compare(s.bytes(HEADER.fsid), uuid) === 0 && s.get(HEADER.level) === 0 && s.get(OWNER) === owner;
  });
}

const codesOf = ({ diagnostics }: { diagnostics: readonly { code: string }[] }): string[] =>
  diagnostics.map(({ code }) => code);

describe('the superblock', () => {
  const outcome = (change: (image: SparseImage) => void): Promise<string> => {
    const image = readImage('subvolumes');
    change(image);
    seal(image, 16_384);
    return outcomeOf(() => openImage(image));
  };
  const set = (field: NumberField, value: number) => (image: SparseImage) => {
    for (const place of [first, mirror]) patch(image, place, field, value);
  };

  it('is refused by the name of what is not read', async () => {
    expect(await outcome(set(SUPERBLOCK.csum_type, 9))).toBe('unsupported btrfs/checksum-algorithm');
    expect(await outcome(set(SUPERBLOCK.num_devices, 2))).toBe('unsupported btrfs/multi-device');
    expect(await outcome(set(SUPERBLOCK.incompat_flags, 0x1000))).toBe('unsupported btrfs/features');
    expect(await outcome(set(SUPERBLOCK.incompat_flags, 0x8_0000_0000))).toBe('unsupported btrfs/features');
    expect(await outcome(set(SUPERBLOCK.flags_high, 4))).toBe('unsupported btrfs/metadata-dump');
  });

  it('is held against what can be', async () => {
    expect(await outcome(set(SUPERBLOCK.nodesize, 5000))).toBe('corrupt btrfs/bad-superblock');
    expect(await outcome(set(SUPERBLOCK.sectorsize, 0))).toBe('corrupt btrfs/bad-superblock');
    expect(await outcome(set(SUPERBLOCK.sys_chunk_array_size, 2049))).toBe('corrupt btrfs/bad-superblock');
    expect(await outcome(set(SUPERBLOCK.sys_chunk_array_size, 30))).toBe('corrupt btrfs/bad-chunk');
    expect(await outcome(set(SUPERBLOCK.dev_item_devid, 7))).toBe('corrupt btrfs/bad-chunk');
    expect(await outcome(set(SUPERBLOCK.root_level, 3))).toBe('corrupt btrfs/bad-node');
    expect(await outcome(set(SUPERBLOCK.root, 77))).toBe('corrupt btrfs/bad-address');
    expect(await outcome((image) => (image.size -= 4096))).toBe('truncated btrfs/truncated');
  });

  it('has a mirror, which is used and noted', async () => {
    const image = readImage('plain');
    image.write(first + 300, Uint8Array.of(1));
    const fileSystem = await openImage(image);
    expect(codesOf(fileSystem)).toEqual(['btrfs/mirror-used']);
    expect([...walk(fileSystem).keys()].sort()).toEqual(Object.keys(readTree('awkward')).sort());
    image.write(first, new Uint8Array(SUPERBLOCK_SIZE));
    expect(btrfsMirror.detect(image)).toBe(true);
    const mirrored = await btrfsMirror.open(image, { limits: defaultLimits });
    expect(codesOf(mirrored)).toEqual(['btrfs/mirror-used']);
    image.write(mirror + 300, Uint8Array.of(1));
    expect(await outcomeOf(() => openImage(image))).toBe('corrupt btrfs/bad-superblock');
  });
});

describe('tree blocks', () => {
  it('are stored twice: the sound copy is read, which is noted once', async () => {
    const image = readImage('plain');
    const leaves = leavesOf(image, 5);
    expect(leaves.length).toBeGreaterThan(3);
    for (const at of leaves.slice(0, leaves.length / 2)) image.write(at + 200, Uint8Array.of(1, 2, 3));
    const fileSystem = await openImage(image);
    expect([...walk(fileSystem).keys()].sort()).toEqual(Object.keys(readTree('awkward')).sort());
    expect(codesOf(fileSystem)).toEqual(['btrfs/second-copy']);
    for (const at of leaves) image.write(at + 200, Uint8Array.of(1, 2, 3));
    const broken = await openImage(image);
    expect(await outcomeOf(() => walk(broken))).toBe('corrupt btrfs/bad-checksum');
  });

  it.each([
    ['address', HEADER.bytenr, 4096],
    ['generation', HEADER.generation, 1],
    ['level', HEADER.level, 1],
    ['count', HEADER.nritems, 0xffff],
    ['last item', { ...LEAF_ITEM.offset, offset: HEADER_SIZE + LEAF_ITEM.offset.offset }, 16_300],
  ] as const)('with another %s are corrupt', async (_, field, value) => {
    const image = readImage('subvolumes');
    for (const at of leavesOf(image, 5)) patch(image, at, field, value);
    seal(image, 16_384);
    const ended = await outcomeOf(async () => {
      const fileSystem = await openImage(image);
      if (fileSystem instanceof BtrfsFileSystem) fileSystem.stat(fileSystem.findSubvolume(5) ?? -1);
    });
    expect(ended).toBe('corrupt btrfs/bad-node');
  });

  it('with keys out of order are corrupt', async () => {
    const image = readImage('subvolumes');
    for (const at of leavesOf(image, 5)) {
      const row = Uint8Array.from(image.read(at + HEADER_SIZE, LEAF_ITEM_SIZE));
      image.write(at + HEADER_SIZE, image.read(at + HEADER_SIZE + LEAF_ITEM_SIZE, LEAF_ITEM_SIZE));
      image.write(at + HEADER_SIZE + LEAF_ITEM_SIZE, row);
    }
    seal(image, 16_384);
    const fileSystem = await openImage(image);
    const ended = await outcomeOf(() => (fileSystem as BtrfsFileSystem).findSubvolume('@home'));
    expect(ended).toBe('corrupt btrfs/bad-node');
  });
});

describe('file data', () => {
  it.each(['plain', 'zlib', 'lzo', 'zstd'])('that do not match their checksum are not handed out: %s', async (name) => {
    const image = readImage(name);
    // Whatever is no tree block is data.
    const uuid = image.read(first + SUPERBLOCK.fsid.offset, SUPERBLOCK.fsid.length);
    const nodeSize = new Struct(image.read(first, SUPERBLOCK_SIZE)).get(SUPERBLOCK.nodesize);
    const isTree = (at: number): boolean => Buffer.compare(image.read(at + HEADER.fsid.offset, 16), uuid) === 0;
    for (const at of image.blocks) {
      if (!isTree(at) && !isTree(at - (at % nodeSize))) image.write(at, Uint8Array.of(1, 2, 3, 4, 5));
    }
    const fileSystem = await openImage(image);
    const node = fileSystem.lookup(fileSystem.root, 'size-140001') ?? -1;
    expect(await outcomeOf(() => fileSystem.open(node).read(0, 140_001))).toBe('corrupt btrfs/bad-checksum');
  });
});

describe('the log', () => {
  it('that was not replayed is damage', async () => {
    const fileSystem = await openImage(readImage('log'));
    expect(fileSystem.diagnostics).toMatchObject([{ level: 'damage', code: 'btrfs/log' }]);
    expect([...walk(fileSystem).keys()].sort()).toEqual(['/', '/committed']);
  });
});

describe('subvolumes', () => {
  it('are found by path and by number, beside the default one', async () => {
    const fileSystem = (await openImage(readImage('subvolumes'))) as BtrfsFileSystem;
    const top = fileSystem.findSubvolume('/') ?? -1;
    expect(top).toBe(fileSystem.findSubvolume(5));
    const text = (subvolume: number | undefined): string => {
      const file = fileSystem.lookup(subvolume ?? -1, 'file') ?? -1;
      return Buffer.from(fileSystem.open(file).read(0, fileSystem.stat(file).size)).toString();
    };
    expect(fileSystem.findSubvolume('/@')).toBe(fileSystem.root);
    expect(text(fileSystem.root)).toBe('changed\n');
    expect(text(fileSystem.findSubvolume('frozen'))).toBe('in @\n');
    expect(text(fileSystem.findSubvolume('folder/inner/'))).toBe('in folder/inner\n');
    expect(fileSystem.findSubvolume('none')).toBeUndefined();
    expect(fileSystem.findSubvolume('@/file/none')).toBeUndefined();
    expect(fileSystem.findSubvolume(4000)).toBeUndefined();
    expect([...walk(fileSystem, top).keys()].sort()).toEqual(Object.keys(readTree('subvolumes-all')).sort());
  });
});

describe('bytes damaged at random', () => {
  it.each([
    ['plain', 16_384],
    ['large', 4096],
    ['extents', 16_384],
    ['subvolumes', 16_384],
  ])('%s', async (name, nodeSize) => {
    const random = createRandom(20_250_501);
    const outcomes = new Set<string>();
    for (let round = 0; round < 60; round++) {
      const image = readImage(name);
      const { blocks } = image;
      for (let count = 0; count <= random(6); count++) {
        const block = round % 4 === 0 ? first : (blocks[random(blocks.length)] ?? first);
        image.write(block + random(round % 2 === 0 ? 600 : 4096), Uint8Array.of(random(256)));
      }
      if (round % 8 !== 7) seal(image, nodeSize);
      const opened = await outcomeOf(async () => {
        for (const each of await readEverything(await openImage(image), 120)) outcomes.add(each);
      });
      outcomes.add(opened);
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(3);
  });
});
