/**
 * Rows of the benchmark for each format, against the distribution's own reader:
 *   list    every inode of the Debian node; theirs with attributes, since few readers print less work than that
 *   many    the same of a tree of 60,400 entries, where the start of Node is no longer most of it
 *   read    all content: ours as a tar to /dev/null, theirs to files in memory
 *   extract both to files in memory
 * Images are made once, in the folder CHECK_IMAGE_BENCH (build/bench unless given); as root, so that owners and devices are those of
 * the tree. Needs squashfs-tools, erofs-utils, btrfs-progs, xorriso, genisoimage, cpio, qemu-utils, android-sdk-libsparse-utils,
 * mtd-utils, umoci, skopeo.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What makes an image from the folder $TREE, and the reader to hold it against; `$OUT` is an empty folder. `of`: the format that `make`
 * converts, in the file $FROM. Where there is no `list` or `read`, no reader of the distribution does that without mounting.
 */
const formats = [
  ...['zstd', 'gzip', 'xz', 'lzo', 'lz4'].map((compressor) => ({
    name: `squashfs.${compressor}`,
    make: `mksquashfs $TREE $IMAGE -quiet -no-progress -comp ${compressor}`,
    list: 'unsquashfs -ll $IMAGE',
    read: 'unsquashfs -quiet -no-progress -force -dest $OUT $IMAGE',
    many: compressor === 'zstd',
  })),
  ...['lz4hc', 'plain'].map((compressor) => ({
    name: `erofs.${compressor}`,
    make: `mkfs.erofs ${compressor === 'plain' ? '' : `-z${compressor}`} $IMAGE $TREE`,
    list: 'fsck.erofs $IMAGE',
    read: 'fsck.erofs --extract=$OUT --overwrite $IMAGE',
    many: compressor === 'plain',
  })),
  {
    name: 'ext4',
    make: 'truncate -s 1G $IMAGE && mke2fs -q -t ext4 -N 80000 -d $TREE $IMAGE',
    list: debugfsList('$IMAGE'),
    read: 'debugfs -R "rdump / $OUT" $IMAGE',
    many: true,
  },
  {
    name: 'btrfs.zstd',
    make:
      'truncate -s 3G $IMAGE && mkfs.btrfs -q $IMAGE && mkdir $OUT && mount -o loop,compress=zstd $IMAGE $OUT && ' +
      'cp -a $TREE/. $OUT; umount $OUT',
    list: 'btrfs restore --dry-run -v $IMAGE $OUT',
    read: 'btrfs restore --metadata --symlinks --xattr $IMAGE $OUT',
    many: true,
  },
  {
    name: 'ubifs.zstd',
    make: 'mkfs.ubifs -r $TREE -m 2048 -e 126976 -c 6000 -x zstd -o $IMAGE',
    many: true,
  },
  {
    name: 'tar',
    make: 'tar -C $TREE -cf $IMAGE .',
    list: 'tar -tvf $IMAGE',
    read: 'tar -xf $IMAGE -C $OUT',
    many: true,
  },
  {
    name: 'cpio',
    make: '(cd $TREE && find . | cpio --quiet -o -H newc) > $IMAGE',
    list: 'cpio --quiet -tv < $IMAGE',
    read: 'cd $OUT && cpio --quiet -id --no-absolute-filenames < $IMAGE',
    many: true,
  },
  {
    name: 'iso',
    make: 'xorriso -as mkisofs -quiet -R -o $IMAGE $TREE',
    list: 'isoinfo -R -l -i $IMAGE',
    read: 'xorriso -osirrox on -indev $IMAGE -extract / $OUT',
    many: true,
  },
  {
    name: 'oci',
    make:
      'rm -rf $OUT && umoci init --layout $OUT && umoci new --image $OUT:x && umoci insert --image $OUT:x $TREE / && ' +
      'skopeo copy --quiet oci:$OUT:x oci-archive:$IMAGE:x; rm -rf $OUT',
    list: 'tar -xf $IMAGE -C $OUT && for blob in $OUT/blobs/sha256/*; do tar -tvf $blob; done',
    read: 'skopeo copy --quiet oci-archive:$IMAGE oci:$OUT/layout:x && umoci unpack --image $OUT/layout:x $OUT/bundle',
  },
  ...[
    ['qcow2', 'qemu-img convert -c -O qcow2', 'qemu-img convert -O raw'],
    ['vmdk', 'qemu-img convert -O vmdk -o subformat=streamOptimized', 'qemu-img convert -O raw'],
    ['vdi', 'qemu-img convert -O vdi', 'qemu-img convert -O raw'],
    ['vhdx', 'qemu-img convert -O vhdx', 'qemu-img convert -O raw'],
    ['android-sparse', 'img2simg', 'simg2img'],
  ].map(([name, convert, back]) => ({
    name,
    of: 'ext4',
    make: `${convert} $FROM $IMAGE`,
    list: `${back} $IMAGE $OUT/raw && ${debugfsList('$OUT/raw')}`,
    read: `${back} $IMAGE $OUT/raw && debugfs -R "rdump / $OUT" $OUT/raw`,
  })),
];

const DIRECTORIES = 200;
/** In each directory, and as many with a line of text. */
const EMPTY_FILES = 150;

/** Rows for `run.mjs`. `inMemory` is a folder in a file system that is not on a disk. */
export function formatRows({ tool, tree, inMemory, bench }) {
  mkdirSync(bench, { recursive: true });
  const many = join(bench, 'many.tree');
  const listings = formats.flatMap(({ many: hasMany, ...format }) => [
    ...rowsOf({ tool, inMemory, bench, ...format, tree }),
    ...(hasMany ? rowsOf({ tool, inMemory, bench, ...format, tree: many, suffix: '.many', read: undefined }) : []),
  ]);
  return listings.map(({ prepare, ...row }) => ({
    ...row,
    prepare: () => {
      makeMany(many);
      prepare();
    },
  }));
}

function rowsOf({ tool, tree, inMemory, bench, suffix = '', name, of, make, list, read }) {
  const image = join(bench, name + suffix);
  const out = join(inMemory, 'out');
  const fill = (command) =>
    command
      .replaceAll('$TREE', tree)
      .replaceAll('$FROM', join(bench, of ?? ''))
      .replaceAll('$OUT', out)
      .replaceAll('$IMAGE', image);
  const shell = (command) => `sh -c '${command.replaceAll("'", `'"'"'`)} > /dev/null 2>&1'`;
  const theirs = (command) => shell(`rm -rf ${out}; mkdir ${out}; (${fill(command)})`);
  const prepare = () => makeImage(image, fill(make));
  const row = (kind, command, against, aim) => ({
    name: `${kind}: ${name}`,
    prepare,
    run: shell(command),
    ...(against ? { against: theirs(against), aim } : {}),
    memory: 200,
    runs: 3,
  });
  const listing = row(suffix ? 'many' : 'list', `${tool} find ${image}`, list, 1);
  if (suffix) return [listing];
  const extract = `rm -rf ${out}; ${tool} extract ${image} ${out}`;
  return [listing, row('read', `${tool} export ${image}`, read, 1.5), row('extract', extract, read, 1.5)];
}

/** debugfs lists a directory with its inodes only if told its name. */
function debugfsList(image) {
  return `(cd $TREE && find . -type d -printf "ls -l \\"/%P\\"\\n") | debugfs -f - ${image}`;
}

function makeMany(folder) {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  for (let i = 0; i < DIRECTORIES; i++) {
    const directory = join(unfinished, `directory-${i}`);
    mkdirSync(directory, { recursive: true });
    for (let j = 0; j < EMPTY_FILES; j++) {
      writeFileSync(join(directory, `empty-${j}`), '');
      writeFileSync(join(directory, `text-${j}`), `file ${j} of directory ${i}\n`);
    }
  }
  renameSync(unfinished, folder);
}

/** Makes an image unless it is there; one that was not finished never looks so. */
function makeImage(image, command) {
  if (existsSync(image)) return;
  const unfinished = `${image}.unfinished`;
  const { status, stderr } = spawnSync('sh', ['-c', command.replaceAll(image, unfinished)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  renameSync(unfinished, image);
}
