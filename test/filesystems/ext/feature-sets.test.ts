/** One tree, as every feature set of mke2fs stores it: the answers are those of lstat on the source. */
import { describeConformance } from '../conformance.ts';
import type { Expectation } from '../expectation.ts';
import { openBytes, readImage, readTree } from './images.ts';

const awkward: Expectation = {
  ...readTree('awkward'),
  '/dev/socket': { type: 'socket', mode: '0644', uid: 0, gid: 0, links: 1, size: 0, xattrs: {} },
};

const images = [
  'ext2-1k',
  'ext3-1k',
  'ext4-1k',
  'ext4-4k',
  'ext4-64k',
  'ext4-2k-meta-bg',
  'ext4-32bit-crc16',
  'ext4-bigalloc',
  'ext4-inline',
  'ext4-sparse2-seed',
];
for (const name of images) describeConformance(name, () => openBytes(readImage(name)), awkward);

describeConformance('ext4-ea-inode', () => openBytes(readImage('ext4-ea-inode')), readTree('attributes'));
describeConformance('ext4-scattered', () => openBytes(readImage('ext4-scattered')), readTree('scattered'));

for (const name of ['ext2-revision-0', 'many-half-md4', 'many-tea', 'many-legacy', 'many-linear']) {
  describeConformance(name, () => openBytes(readImage(name)), readTree('many'));
}
