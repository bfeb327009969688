/** ext and btrfs in the ways their makers and the kernel store things: as the kernel shows them on a read-only mount. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeConformance } from '../../filesystems/conformance.ts';
import { expectMounted, makeCanonicalTree, openImageFile, run, scratchFolder } from './host-tree.ts';

const ext = [
  '-t ext2 -b 1024',
  '-t ext2 -b 4096 -O ^dir_index,^resize_inode',
  '-t ext3 -b 2048',
  '-t ext4 -b 1024',
  '-t ext4 -b 2048 -I 128',
  '-t ext4 -b 4096',
  '-t ext4 -O inline_data -I 512',
  '-t ext4 -O ^extent,^64bit,^metadata_csum,uninit_bg',
  '-t ext4 -O bigalloc -C 16384',
  '-t ext4 -O sparse_super2,metadata_csum_seed,^has_journal',
  '-t ext4 -O meta_bg,^resize_inode',
  '-t ext4 -O ea_inode,large_dir',
  '-t ext4 -O flex_bg,^dir_nlink,^extra_isize,^huge_file',
  '-t ext4 -g 1024 -b 1024',
];
const btrfsMade = [
  '',
  '-n 4096',
  '-n 65536 --csum xxhash',
  '--csum sha256 -m dup',
  '--csum blake2',
  '--mixed',
  '-O ^no-holes',
];
const compressions = ['no', 'zlib:1', 'zlib:9', 'lzo', 'zstd:1', 'zstd:15'];

const { folder, remove } = scratchFolder('mounted');
afterAll(remove);
makeCanonicalTree(join(folder, 'tree'));
// mkfs.btrfs packs device numbers in a way of its own, and writes no holes.
run(
  `cp -a --sparse=always ${folder}/tree ${folder}/plain && rm -r ${folder}/plain/awkward/dev ${folder}/plain/awkward/sparse`,
);
run(`touch -d @1700000000 ${folder}/plain/awkward`);
let images = 0;
const newImage = (): string => join(folder, `${images++}.img`);

for (const options of ext) {
  const image = newImage();
  // Where data lie in inodes, mke2fs cuts off what is a hole at the end.
  const from = options.includes('inline_data') ? 'plain' : 'tree';
  run(`truncate -s 300M ${image} && mke2fs -q ${options} -d ${folder}/${from} ${image}`);
  const expected = expectMounted('ext4', image);
  describeConformance(`mke2fs ${options}`, () => openImageFile(image), expected);
}
for (const options of btrfsMade) {
  const image = newImage();
  run(`mkfs.btrfs -q ${options} --rootdir ${folder}/plain ${image}`);
  const expected = expectMounted('btrfs', image);
  describeConformance(`mkfs.btrfs ${options}`, () => openImageFile(image), expected);
}
for (const compression of compressions) {
  const image = newImage();
  run(`truncate -s 400M ${image} && mkfs.btrfs -q ${image} && mkdir ${image}.mount
    mount -o loop,discard,${compression === 'no' ? 'compress' : 'compress-force'}=${compression} ${image} ${image}.mount
    cp -a --sparse=always ${folder}/tree/. ${image}.mount; umount ${image}.mount; rmdir ${image}.mount`);
  const expected = expectMounted('btrfs', image);
  describeConformance(`btrfs written with compression ${compression}`, () => openImageFile(image), expected);
}
