/** Damage in named fields and at random. */
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { type NumberField, patchField, Struct } from '../../../src/bytes/struct.ts';
import { MASTER } from '../../../src/filesystems/ubifs/master.ts';
import { alignNode, HEADER, NODE, parseNode } from '../../../src/filesystems/ubifs/node.ts';
import { SUPERBLOCK, SUPERBLOCK_SIZE } from '../../../src/filesystems/ubifs/superblock.ts';
import { createRandom, outcomeOf, readEverything } from '../fuzz.ts';
import { openImage, readImage } from './images.ts';
import { seal } from './write-nodes.ts';

const bytesOf = (name: string): Uint8Array => {
  const image = readImage(name);
  return Uint8Array.from(image.read(0, image.size));
};
const open = (bytes: Uint8Array): ReturnType<typeof openImage> => openImage(new MemorySource(bytes, 'image'));

/** Gives the node at `at` the CRC of what is in it now. */
function reseal(bytes: Uint8Array, at: number, length: number): void {
  const node = bytes.subarray(at, at + length);
  const s = new Struct(node);
  seal(node, s.get(HEADER.node_type), s.get(HEADER.sqnum));
}

describe('the superblock', () => {
  const outcome = async (field: NumberField, value: number): Promise<string> => {
    const bytes = bytesOf('lzo.ubifs');
    patchField(bytes, 0, field, value);
    reseal(bytes, 0, SUPERBLOCK_SIZE);
    return outcomeOf(() => open(bytes));
  };

  it('is refused by the name of what is not read', async () => {
    expect(await outcome(SUPERBLOCK.flags, 0x20)).toBe('unsupported ubifs/authenticated');
    expect(await outcome(SUPERBLOCK.key_fmt, 1)).toBe('unsupported ubifs/key-format');
    const bytes = bytesOf('lzo.ubifs');
    patchField(bytes, 0, SUPERBLOCK.fmt_version, 6);
    patchField(bytes, 0, SUPERBLOCK.ro_compat_version, 1);
    reseal(bytes, 0, SUPERBLOCK_SIZE);
    expect(await outcomeOf(() => open(bytes))).toBe('unsupported ubifs/version');
  });

  it('is held against what can be', async () => {
    expect(await outcome(SUPERBLOCK.leb_size, 100)).toBe('corrupt ubifs/bad-superblock');
    expect(await outcome(SUPERBLOCK.min_io_size, 0)).toBe('corrupt ubifs/bad-superblock');
    expect(await outcome(SUPERBLOCK.leb_cnt, 5)).toBe('corrupt ubifs/bad-superblock');
    expect(await outcome(SUPERBLOCK.leb_size, 15_872)).toBe('corrupt ubifs/no-master');
    const damaged = bytesOf('lzo.ubifs');
    damaged[200] = 1;
    expect(await outcomeOf(() => open(damaged))).toBe('corrupt ubifs/bad-superblock');
    expect(await outcomeOf(() => open(bytesOf('lzo.ubifs').subarray(0, 300_000)))).toBe('truncated ubifs/truncated');
  });
});

describe('the master node', () => {
  it('has a copy, and the newest counts', async () => {
    const bytes = bytesOf('lzo.ubifs');
    const lebSize = new Struct(bytes).get(SUPERBLOCK.leb_size);
    bytes.fill(0xff, lebSize, 2 * lebSize);
    expect(await outcomeOf(() => open(bytes))).toBe('none');
    const lost = Uint8Array.from(bytes);
    patchField(lost, 2 * lebSize, MASTER.root_offs, 8);
    reseal(lost, 2 * lebSize, 512);
    const fileSystem = await open(lost);
    expect(await outcomeOf(() => fileSystem.list(fileSystem.root))).toBe('corrupt ubifs/bad-node');
    patchField(lost, 2 * lebSize, MASTER.cmt_no, 77);
    reseal(lost, 2 * lebSize, 512);
    expect(await outcomeOf(() => open(lost))).toBe('corrupt ubifs/bad-log');
    bytes.fill(0xff, 2 * lebSize, 3 * lebSize);
    expect(await outcomeOf(() => open(bytes))).toBe('corrupt ubifs/no-master');
  });
});

/** Where the nodes of the main area are, of which everything is made. */
function nodesOf(bytes: Uint8Array): { at: number; length: number }[] {
  const lebSize = new Struct(bytes).get(SUPERBLOCK.leb_size);
  const found: { at: number; length: number }[] = [];
  for (let leb = 3; leb * lebSize < bytes.length; leb++) {
    for (let at = leb * lebSize; at < (leb + 1) * lebSize; ) {
      const node = parseNode(bytes.subarray(at, (leb + 1) * lebSize), { leb, offset: 0, length: 0 });
      if (node && node.type !== NODE.padding) found.push({ at, length: node.bytes.length });
      at = alignNode(at + (node?.bytes.length ?? 8));
    }
  }
  return found;
}

describe('bytes damaged at random', () => {
  it.each(['lzo.ubifs', 'zlib.ubifs', 'zstd.ubifs'])('%s', async (name) => {
    const random = createRandom(20_250_502);
    const sound = bytesOf(name);
    const nodes = nodesOf(sound);
    expect(nodes.length).toBeGreaterThan(200);
    const outcomes = new Set<string>();
    for (let round = 0; round < 60; round++) {
      const bytes = Uint8Array.from(sound);
      for (let count = 0; count <= random(20); count++) {
        const { at, length } = nodes[random(nodes.length)] ?? { at: 0, length: SUPERBLOCK_SIZE };
        bytes[at + 16 + random(Math.min(length - 16, 180))] = random(256);
        if (round % 4 !== 0 && bytes.length > at + length) reseal(bytes, at, length);
      }
      const opened = await outcomeOf(async () => {
        for (const each of await readEverything(await open(bytes), 120)) outcomes.add(each);
      });
      outcomes.add(opened);
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(4);
  });
});
