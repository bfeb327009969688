/**
 * Every way the mkfs.erofs at hand stores things, as the kernel shows them, or fsck.erofs where the kernel lacks the algorithm.
 * A newer one than the system's is taken from MKFS_EROFS and FSCK_EROFS.
 */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeConformance } from '../../filesystems/conformance.ts';
import type { Expectation } from '../../filesystems/expectation.ts';
import { outcomeOf } from '../../filesystems/fuzz.ts';
import { expectFolder, expectMounted, makeCanonicalTree, openImageFile, run, scratchFolder } from './host-tree.ts';

const { MKFS_EROFS: mkfs = 'mkfs.erofs', FSCK_EROFS: fsck = 'fsck.erofs' } = process.env;
const help = run(`${mkfs} --help 2>&1 || true`);
const isNew = help.includes('dictsize');

const ofAll = [
  '',
  '-Eforce-inode-compact -T1700000000 --all-root',
  '-Eforce-inode-extended',
  '-Enoinline_data',
  '-x-1',
  '-x1',
  '--chunksize=4096',
  '--chunksize=1048576',
  '--chunksize=65536 -Eforce-chunk-indexes',
  '-zlz4',
  '-zlz4 -C65536',
  '-zlz4hc,12 -C16384',
  '-zlz4hc -Elegacy-compress',
  '-zlz4hc -Eztailpacking',
  '-zlz4 --max-extent-bytes=65536',
];
const ofNew = [
  '-b512',
  '-b1024 -zlz4',
  '-zlz4 -C1048576',
  '-zlz4hc -Ededupe',
  '-zlz4hc -Efragments',
  '-zlz4hc -Eall-fragments',
  '-zlz4hc -Efragments,dedupe,ztailpacking -C32768',
  '-Efragments',
  '-zlzma',
  '-zlzma,level=9,dictsize=65536 -C1048576',
  '-zlzma -C65536 -Efragments,ztailpacking,dedupe',
  '-zdeflate',
  '-zdeflate,level=9,dictsize=4096 -C65536 -Eztailpacking',
  '-zdeflate -C1048576 -Efragments',
  '-zlibdeflate,level=12 -C32768',
  '-zzstd',
  '-zzstd,level=22 -C1048576 -Eall-fragments,dedupe',
  '-zzstd,dictsize=65536 -b1024 -C8192',
  '-zlz4hc:lzma:zstd -C65536',
  '--xattr-prefix=user. --xattr-prefix=trusted.overlay.',
  '--xattr-prefix=user. -zlzma -Eall-fragments',
  '--hard-dereference',
];

const { folder, remove } = scratchFolder('erofs');
afterAll(remove);
const tree = join(folder, 'tree');
makeCanonicalTree(tree);
run(`mkdir ${folder}/sparse && mv ${tree}/awkward/sparse ${folder}/sparse`);
// The mkfs.erofs of Debian 12 fails on a name as long as a name may be.
if (!isNew) run(`rm ${tree}/awkward/names/nnn*`);
run(`touch -d @1700000000 ${folder}/sparse ${tree}/awkward ${tree}/awkward/names`);

function expectImage(image: string): Expectation {
  try {
    return expectMounted('erofs', image);
  } catch {
    // Attributes without a value are lost by fsck.erofs, and times.
    run(`${fsck} --extract=${image}.out --overwrite --preserve ${image}`);
    const expected = expectFolder(`${image}.out`, ['xattrs', 'mtime']);
    run(`rm -r ${image}.out`);
    return expected;
  }
}

function describeImage(from: string, options: string): void {
  const image = join(folder, `${from}${options}`.replaceAll(/[^a-zA-Z0-9]+/g, '-').concat('.img'));
  run(`${mkfs} ${options} ${image} ${folder}/${from}`);
  const expected = expectImage(image);
  describeConformance(`${from} ${options}`, () => openImageFile(image), expected);
}

for (const options of [...ofAll, ...(isNew ? ofNew : [])]) describeImage('tree', options);
describeImage('sparse', '--chunksize=131072');

describe('data on another device', () => {
  it('is refused by name', async () => {
    run(`${mkfs} --chunksize=4096 --blobdev=${folder}/blob ${folder}/several ${tree}/awkward/modes`);
    expect(await outcomeOf(() => openImageFile(join(folder, 'several')))).toBe('unsupported erofs/multi-device');
  });
});
