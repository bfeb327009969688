/**
 * Rows of the benchmark for each format: all names listed, and all content read, against the distribution's own reader. The images
 * are made once, from the tree of `npm run images`, in the folder CHECK_IMAGE_BENCH (build/bench unless given); as root, so that
 * owners and devices are those of the tree. Needs squashfs-tools, erofs-utils, btrfs-progs, xorriso, cpio, qemu-utils, mtd-utils.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** What makes an image, and the reader to hold it against; `$OUT` is an empty folder to extract into. */
const formats = [
  {
    name: 'squashfs.zstd',
    make: 'mksquashfs $TREE $IMAGE -quiet -no-progress -comp zstd',
    list: 'unsquashfs -l $IMAGE',
    read: 'unsquashfs -quiet -no-progress -force -dest $OUT $IMAGE',
  },
  {
    name: 'squashfs.xz',
    make: 'mksquashfs $TREE $IMAGE -quiet -no-progress -comp xz',
    list: 'unsquashfs -l $IMAGE',
    read: 'unsquashfs -quiet -no-progress -force -dest $OUT $IMAGE',
  },
  {
    name: 'erofs.lz4',
    make: 'mkfs.erofs -zlz4hc $IMAGE $TREE',
    list: 'fsck.erofs $IMAGE',
    read: 'fsck.erofs --extract=$OUT --overwrite $IMAGE',
  },
  {
    name: 'ext4',
    make: 'truncate -s 1G $IMAGE && mke2fs -q -t ext4 -d $TREE $IMAGE',
    list: 'debugfs -R "ls -l /" $IMAGE',
    read: 'debugfs -R "rdump / $OUT" $IMAGE',
  },
  {
    name: 'btrfs.zstd',
    make:
      'truncate -s 3G $IMAGE && mkfs.btrfs -q $IMAGE && mkdir $OUT && mount -o loop,compress=zstd $IMAGE $OUT && ' +
      'cp -a $TREE/. $OUT; umount $OUT',
    list: 'btrfs restore --dry-run -v $IMAGE $OUT',
    read: 'btrfs restore --metadata --symlinks --xattr $IMAGE $OUT',
  },
  { name: 'tar', make: 'tar -C $TREE -cf $IMAGE .', list: 'tar -tf $IMAGE', read: 'tar -xf $IMAGE -C $OUT' },
  {
    name: 'cpio',
    make: '(cd $TREE && find . | cpio --quiet -o -H newc) > $IMAGE',
    list: 'cpio --quiet -t < $IMAGE',
    read: 'cd $OUT && cpio --quiet -id --no-absolute-filenames < $IMAGE',
  },
  {
    name: 'iso',
    make: 'xorriso -as mkisofs -quiet -R -o $IMAGE $TREE',
    list: 'isoinfo -R -f -i $IMAGE',
    read: 'xorriso -osirrox on -indev $IMAGE -extract / $OUT',
  },
  {
    name: 'qcow2',
    make: 'qemu-img convert -c -O qcow2 $BENCH/ext4 $IMAGE',
    list: 'qemu-img check $IMAGE',
    read: 'qemu-img convert -O raw $IMAGE $OUT/raw',
  },
  {
    name: 'ubifs.zstd',
    make: 'mkfs.ubifs -r $TREE -m 2048 -e 126976 -c 6000 -x zstd -o $IMAGE',
  },
];

/** Rows for `run.mjs`: those of formats without another reader are held against reading their bytes. */
export function formatRows({ tool, tree, scratch, bench }) {
  mkdirSync(bench, { recursive: true });
  return formats.flatMap(({ name, make, list, read }) => {
    const image = join(bench, name);
    const fill = (command, out) =>
      command.replaceAll('$TREE', tree).replaceAll('$BENCH', bench).replaceAll('$OUT', out).replaceAll('$IMAGE', image);
    const out = join(scratch, 'out');
    const quietly = (command) => `sh -c 'rm -rf ${out}; mkdir ${out}; (${fill(command, out)}) > /dev/null 2>&1'`;
    const prepare = () => makeImage(image, fill(make, join(scratch, 'mount')));
    const ours = (command) => `sh -c '${tool} ${command} ${image} > /dev/null'`;
    const bytes = `cat ${image}`;
    return [
      {
        name: `list: ${name}`,
        prepare,
        run: ours('find'),
        against: quietly(list ?? bytes),
        aim: 1,
        memory: 200,
        runs: 3,
      },
      {
        name: `read: ${name}`,
        prepare,
        run: ours('export'),
        against: quietly(read ?? bytes),
        aim: 1.5,
        memory: 200,
        runs: 3,
      },
    ];
  });
}

/** Makes an image unless it is there; one that was not finished never looks so. */
function makeImage(image, command) {
  if (existsSync(image)) return;
  const unfinished = `${image}.unfinished`;
  const { status, stderr } = spawnSync('sh', ['-c', command.replaceAll(image, unfinished)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  renameSync(unfinished, image);
}
