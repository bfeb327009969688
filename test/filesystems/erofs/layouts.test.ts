/** A few trees, as mkfs.erofs stores them in every layout and with every algorithm: the answers are those of the kernel. */
import { describe, expect, it } from 'vitest';
import { describeConformance } from '../conformance.ts';
import { openBytes, readImage, readTree } from './images.ts';

const images = {
  solid: [
    ...['plain', 'plain-512', 'lz4', 'lz4-legacy', 'lz4-big', 'lz4-fragments'],
    ...['lzma', 'lzma-all-fragments', 'deflate', 'zstd', 'zstd-1k'],
  ],
  awkward: ['chunks', 'chunk-indexes'],
  large: ['lz4-old', 'lz4-dedupe', 'zstd-large', 'lzma-large'],
  many: ['many'],
  overlay: ['prefixes', 'prefixes-packed'],
};

for (const [tree, names] of Object.entries(images)) {
  for (const name of names) {
    describeConformance(`erofs: ${name}`, () => openBytes(readImage(name)), readTree(tree));
  }
}

describe('the superblock', () => {
  it('names the volume', async () => {
    const fileSystem = await openBytes(readImage('plain'));
    expect(fileSystem.uuid).toBe('11111111-2222-3333-4444-555566667777');
    expect(fileSystem.volumeLabel).toBe('a label');
  });
});
