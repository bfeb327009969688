/** A few trees, as mkfs.ubifs stores them with every compressor: the answers are those of the trees themselves. */
import { describe, expect, it } from 'vitest';
import { describeConformance } from '../conformance.ts';
import { openImage, readImage, readTree } from './images.ts';

for (const name of ['lzo', 'zlib', 'zstd']) {
  describeConformance(`ubifs: ${name}`, () => openImage(readImage(`${name}.ubifs`)), readTree('awkward'));
}
describeConformance('ubifs: many', () => openImage(readImage('many.ubifs')), readTree('many'));

describe('holes', () => {
  it('are passed over', async () => {
    const fileSystem = await openImage(readImage('lzo.ubifs'));
    const source = fileSystem.open(fileSystem.lookup(fileSystem.root, 'sparse') ?? -1);
    expect(source.nextData?.(0)).toBe(0);
    expect(source.nextData?.(400_000)).toBe(70 * 2 ** 20);
    expect(source.nextData?.(5 * 2 ** 30 + 8192)).toBe(source.size);
  });
});
