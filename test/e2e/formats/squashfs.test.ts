/**
 * Every compressor with every block size, and every other way mksquashfs stores things: as unsquashfs takes them out, of the block sizes
 * of one compressor the first.
 */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeConformance } from '../../filesystems/conformance.ts';
import { expectFolder, makeCanonicalTree, openImageFile, run, scratchFolder } from './host-tree.ts';

const compressors = ['gzip', 'lzo', 'lz4', 'xz', 'zstd', 'lzma'];
const blocks = ['4K', '8K', '16K', '32K', '64K', '128K', '256K', '512K', '1M'];
const branches = ['x86', 'arm', 'armthumb', 'powerpc', 'sparc', 'ia64'];
const others = [
  '-comp gzip -noI -noId -noD -noF -noX',
  '-comp gzip -no-fragments',
  '-comp gzip -always-use-fragments',
  '-comp gzip -no-exports -no-duplicates -nopad',
  '-comp gzip -Xstrategy filtered,huffman_only,run_length_encoded,fixed -Xwindow-size 8',
  '-comp lz4 -Xhc',
  '-comp lzo -Xalgorithm lzo1x_1',
  '-comp lzo -Xalgorithm lzo1x_1_11',
  '-comp lzo -Xalgorithm lzo1x_1_12',
  '-comp lzo -Xalgorithm lzo1x_1_15',
  '-comp zstd -Xcompression-level 22',
  '-comp xz -Xdict-size 8K -b 64K',
  ...branches.map((branch) => `-comp xz -Xbcj ${branch}`),
  `-comp xz -Xbcj ${branches.join(',')}`,
];

const { folder, remove } = scratchFolder('squashfs');
afterAll(remove);
const tree = join(folder, 'tree');
makeCanonicalTree(tree);
// 5 GiB of holes, which no compressor ever sees, are asked of one image.
run(
  `mkdir ${folder}/sparse && cp -a --sparse=always ${tree}/awkward/sparse ${folder}/sparse && rm ${tree}/awkward/sparse`,
);
run(`touch -d @1700000000 ${folder}/sparse ${tree}/awkward`);

/** What unsquashfs takes out of an image. */
function extracted(image: string): ReturnType<typeof expectFolder> {
  run(`unsquashfs -quiet -no-progress -d ${image}.out ${image}`);
  const expected = expectFolder(`${image}.out`);
  run(`rm -r ${image}.out`);
  return expected;
}

/** `expected` where another image of the same tree was taken out already. */
function describeImage(from: string, options: string, expected?: ReturnType<typeof expectFolder>): typeof expected {
  const image = join(folder, `${from} ${options}`.replaceAll(/[^a-zA-Z0-9]+/g, '-'));
  run(`mksquashfs ${folder}/${from} ${image} -no-progress -quiet ${options}`);
  const found = expected ?? extracted(image);
  describeConformance(`${from} ${options}`, () => openImageFile(image), found);
  return found;
}

for (const compressor of compressors) {
  let expected: ReturnType<typeof describeImage>;
  for (const block of blocks) expected = describeImage('tree', `-comp ${compressor} -b ${block}`, expected);
}
describeImage('sparse', '-comp gzip');
for (const options of others) describeImage('tree', options);
