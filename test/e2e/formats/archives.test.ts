/** tar, cpio, ISO 9660 and UBIFS as the distribution's tools write them: as its own readers take them out, or as the tree is. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeConformance } from '../../filesystems/conformance.ts';
import type { Expectation, ExpectedNode } from '../../filesystems/expectation.ts';
import { expectFolder, makeCanonicalTree, openImageFile, run, scratchFolder } from './host-tree.ts';

const { folder, remove } = scratchFolder('archives');
afterAll(remove);
const tree = join(folder, 'tree');
makeCanonicalTree(tree);
// tar and cpio have no place for sockets, cpio and ISO 9660 none for 5 GiB.
run(`cd ${folder} && cp -a --sparse=always tree giant && rm giant/awkward/dev/socket && rm tree/awkward/sparse && cp -a tree small
  rm tree/awkward/dev/socket && touch -d @1700000000 giant/awkward/dev tree/awkward tree/awkward/dev`);
// odc has 18 bits for owners and devices.
run(`cd ${folder}/small/awkward && rm -r owners dev times/1960 && touch -d @1700000000 . times`);
let images = 0;

/** Makes an image of `from` at `$IMAGE`, and takes it out into `$OUT`. */
function describeArchive(name: string, from: string, make: string, extract: string, without: readonly string[]): void {
  const image = join(folder, `${images++}.img`);
  const variables = `export IMAGE=${image} TREE=${folder}/${from} OUT=${image}.out; mkdir $OUT`;
  run(`${variables}; ${make}; ${extract}`);
  const expected = expectFolder(extract === '' ? join(folder, from) : `${image}.out`, without);
  run(`rm -r ${image}.out`);
  describeConformance(name, () => openImageFile(image), from === 'iso' ? unlinked(expected) : expected);
}

const all = `--xattrs --xattrs-include='*' --acls --numeric-owner`;
for (const format of ['gnu', 'oldgnu', 'pax', 'pax --sparse-version=0.0', 'pax --sparse-version=0.1']) {
  // Only pax has attributes, and parts of a second.
  const without = format.startsWith('pax') ? ['links'] : ['links', 'xattrs'];
  const make = `tar -C $TREE --format=${format} -S ${format.startsWith('pax') ? all : '--numeric-owner'} -cf $IMAGE .`;
  describeArchive(`tar --format=${format}`, 'giant', make, `tar -xpf $IMAGE ${all} -C $OUT`, without);
}

for (const format of ['newc', 'crc', 'odc']) {
  const make = `cd $TREE; find . -print0 | sort -z | cpio --quiet -0 -o --format=${format} > $IMAGE`;
  const extract = 'cd $OUT; cpio --quiet -idmu < $IMAGE';
  // Those of directories, and of links, are not restored.
  const without = ['links', 'xattrs', 'mtime'];
  describeArchive(`cpio --format=${format}`, format === 'odc' ? 'small' : 'tree', make, extract, without);
}

/** Each name of a hard link is a file of its own in ISO 9660. */
function unlinked(expected: Expectation): Expectation {
  const rows = Object.entries(expected).map(([path, row]) => [
    path,
    'sameAs' in row ? (expected[row.sameAs] as ExpectedNode) : row,
  ]);
  return Object.fromEntries(rows);
}

// No component of a target is longer than 250 bytes, there are no attributes, and the tools miss dates from 2038 on.
run(`cd ${folder} && cp -a tree iso && cd iso/awkward && rm -r xattrs links/target-1000 times/2038 times/2106
  touch -d @1700000000 . links times`);
for (const options of ['-R', '-R -J -joliet-long', '-R -iso-level 3', '-R -iso-level 4', '-R -U']) {
  const extract = 'xorriso -osirrox on:auto_chmod_off -indev $IMAGE -extract / $OUT 2> $IMAGE.log';
  // xorriso makes no devices, so that the tree speaks for itself, once what it takes out is the same.
  const make = `xorriso -as mkisofs -quiet ${options} -o $IMAGE $TREE 2> $IMAGE.log; ${extract}; diff -r --no-dereference -x dev $TREE $OUT`;
  describeArchive(`xorriso ${options}`, 'iso', make, '', ['links', 'xattrs', 'mtime']);
}

// mkfs.ubifs stores no attributes.
run(`cd ${folder} && mkdir ubi && cp -a --sparse=always giant/. ubi && touch -d @1700000000 ubi`);
for (const options of [
  '-m 2048 -e 126976 -x lzo',
  '-m 512 -e 15872 -x zlib',
  '-m 1 -e 65408 -x zstd',
  '-m 4096 -e 253952 -x none',
  '-m 2048 -e 126976 -F -R 4 -x lzo',
]) {
  const make = `mkfs.ubifs -r $TREE -o $IMAGE -c 4000 ${options}`;
  describeArchive(`mkfs.ubifs ${options}`, 'ubi', make, '', ['xattrs']);
}
