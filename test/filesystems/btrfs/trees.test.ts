/** What the kernel wrote, and mkfs.btrfs --rootdir: the answers are those of a mount. */
import { describe, expect, it } from 'vitest';
import { describeConformance } from '../conformance.ts';
import { openImage, readImage, readTree } from './images.ts';

const images = {
  awkward: ['plain', 'zlib', 'lzo', 'zstd'],
  large: ['large'],
  many: ['many'],
  small: ['rootdir'],
  extents: ['extents'],
  subvolumes: ['subvolumes'],
};

for (const [tree, names] of Object.entries(images)) {
  for (const name of names) {
    describeConformance(`btrfs: ${name}`, () => openImage(readImage(name)), readTree(tree));
  }
}

describe('the superblock', () => {
  it('names the volume', async () => {
    const fileSystem = await openImage(readImage('plain'));
    expect(fileSystem.uuid).toBe('11111111-2222-3333-4444-555566667777');
    expect(fileSystem.volumeLabel).toBe('a label');
  });
});
