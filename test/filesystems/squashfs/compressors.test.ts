/** One tree, as mksquashfs stores it with every compressor and in every layout: the answers are those of unsquashfs. */
import { describeConformance } from '../conformance.ts';
import { openBytes, readImage, readTree } from './images.ts';

const awkward = ['gzip-4k', 'xz-bcj', 'lzo', 'lz4', 'zstd', 'lzma', 'plain', 'always-fragments'];
for (const name of awkward) {
  describeConformance(`squashfs: ${name}`, () => openBytes(readImage(name)), readTree('awkward'));
}
for (const name of ['zstd-1m', 'xz-1m']) {
  describeConformance(`squashfs: ${name}`, () => openBytes(readImage(name)), readTree('large'));
}
for (const name of ['many', 'many-lz4']) {
  describeConformance(`squashfs: ${name}`, () => openBytes(readImage(name)), readTree('many'));
}
