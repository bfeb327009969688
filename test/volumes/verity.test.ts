import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { compareRootHash, rootHashOfPartitions } from '../../src/volumes/verity/compare-root-hash.ts';
import { hasVeritySuperblock, readVeritySuperblock, veritySuperblock } from '../../src/volumes/verity/superblock.ts';
import { type VerityResult, verifyVerity } from '../../src/volumes/verity/verify-verity.ts';
import { parseVerityEnvironment } from '../../src/volumes/verity/verity-environment.ts';
import { createRandom } from './fixture.ts';
import { failure, readDisk, readJson } from './virtual-fixture.ts';

const recorded = readJson<Record<string, { bytes: number; rootHash: string }>>('verity.json');
const names = Object.keys(recorded);

/** What seq printed for make-verity.sh. */
function makeData(name: string): Buffer {
  const data = Buffer.alloc(recorded[name]?.bytes ?? 0);
  data.write(Array.from({ length: 60_000 }, (_, i) => `${i + 1}\n`).join(''), 'latin1');
  return data;
}

function verify(data: Uint8Array, tree: Uint8Array, offset = 0): VerityResult {
  const source = new MemorySource(tree, 'disk!p3');
  return verifyVerity(new MemorySource(data, 'disk!p2'), source, readVeritySuperblock(source, offset));
}

describe.each(names)('%s', (name) => {
  const { rootHash } = recorded[name] ?? { rootHash: '' };

  it('gives the root hash that veritysetup gave', () => {
    expect(verify(makeData(name), readDisk(`${name}.verity`))).toEqual({ rootHash });
  });

  it('tells changed data', () => {
    const data = makeData(name);
    data[data.length - 1] = 0xff;
    const found = verify(data, readDisk(`${name}.verity`));
    expect(found.rootHash).not.toBe(rootHash);
    // The root of a single block is all there is.
    expect(found.firstMismatch === undefined).toBe(name === 'one-block');
  });
});

it('tells a changed tree, which the data do not give', () => {
  const tree = readDisk('sha1.verity');
  tree[4096 + 100] = (tree[4096 + 100] ?? 0) ^ 1;
  expect(verify(makeData('sha1'), tree)).toEqual({ rootHash: recorded.sha1?.rootHash, firstMismatch: 4096 });
});

it('reads a tree behind its data', () => {
  const data = makeData('three-levels');
  const image = Buffer.concat([data, readDisk('three-levels.verity')]);
  expect(hasVeritySuperblock(new MemorySource(image, 'x'), data.length)).toBe(true);
  expect(verify(image, image, data.length).rootHash).toBe(recorded['three-levels']?.rootHash);
});

describe('refused', () => {
  it.each([
    ['version', 2, 'unsupported verity/format'],
    ['hash_type', 2, 'unsupported verity/format'],
    ['data_block_size', 0, 'corrupt verity/bad-superblock'],
    ['hash_block_size', 3072, 'corrupt verity/bad-superblock'],
    ['hash_block_size', 2 ** 31, 'corrupt verity/bad-superblock'],
    ['salt_size', 257, 'corrupt verity/bad-superblock'],
    ['data_blocks', 0, 'corrupt verity/bad-superblock'],
    ['data_blocks', 2 ** 52, 'corrupt verity/bad-superblock'],
    ['data_blocks', 2 ** 40, 'truncated verity/truncated'],
    ['data_blocks', 51, 'truncated verity/truncated'],
  ] as const)('%s = %i', async (field, value, code) => {
    const tree = readDisk('sha1.verity');
    patchField(tree, 0, veritySuperblock[field], value);
    expect(await failure(() => verify(makeData('sha1'), tree))).toBe(code);
  });

  it('what has no superblock', async () => {
    expect(await failure(() => verify(makeData('sha1'), Buffer.alloc(4096)))).toBe('corrupt verity/bad-superblock');
    expect(await failure(() => verify(makeData('sha1'), Buffer.alloc(100)))).toBe('corrupt verity/bad-superblock');
  });

  it('or ends in a hash, whatever the damage', async () => {
    const random = createRandom(9);
    const data = makeData('sha512');
    const outcomes = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const tree = readDisk('sha512.verity');
      tree[random(120)] = random(256);
      outcomes.add(await failure(() => verify(data, tree)));
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(2);
  });
});

describe('the settings beside an image', () => {
  it('give the root hash and the place of the tree', () => {
    const text = 'UUID=1234\nHASH_TYPE=1\nDATA_BLOCKS=400\nSALT=aabb\nROOT_HASH=0609C0\nHASH_OFFSET=409600\n';
    expect(parseVerityEnvironment(text)).toEqual({ rootHash: '0609c0', hashOffset: 409_600 });
    expect(parseVerityEnvironment('ROOT_HASH="ab"\nDATA_SIZE=5')).toEqual({ rootHash: 'ab', hashOffset: 5 });
    expect(parseVerityEnvironment('ROOT_HASH=ab')).toEqual({ rootHash: 'ab' });
  });

  it.each(['', 'ROOT_HASH=', 'ROOT_HASH=xyz', 'SALT=ab'])('%j gives none', (text) => {
    expect(parseVerityEnvironment(text)).toBeUndefined();
  });
});

describe('a root hash', () => {
  const compare = (data: Buffer, tree: Buffer, offset: number, rootHash: string): string[] =>
    compareRootHash(new MemorySource(data, 'p2'), new MemorySource(tree, 'p3'), offset, rootHash).map(
      ({ level, code }) => `${level} ${code}`,
    );
  const { rootHash = '' } = recorded['three-levels'] ?? {};

  it('is held against the data and the tree', () => {
    const data = makeData('three-levels');
    const tree = readDisk('three-levels.verity');
    expect(compare(data, tree, 0, rootHash)).toEqual([]);
    expect(compare(data, tree, 0, `${rootHash.slice(1)}0`)).toEqual(['damage verity/root-hash']);
    data[0] = 0;
    expect(compare(data, tree, 0, rootHash)).toEqual(['damage verity/root-hash', 'damage verity/tree']);
    expect(compare(data, tree, 512, rootHash)).toEqual(['damage verity/bad-superblock']);
    expect(compare(data.subarray(512), tree, 0, rootHash)).toEqual(['damage verity/truncated']);
  });

  it('stands in the UUIDs of two partitions', () => {
    expect(rootHashOfPartitions('876241B3-4d8c-082f-5692-b8590d6e90b2', '7991c1d6-1e4f-ed51-1fdf-d9c4a9d4c756')).toBe(
      '876241b34d8c082f5692b8590d6e90b27991c1d61e4fed511fdfd9c4a9d4c756',
    );
  });
});
