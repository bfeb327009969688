/** btrfs on one device, told by the magic number of its superblock. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileSystem, FileSystemFormat, OpenOptions } from '../file-system.ts';
import { hasMagic, SUPERBLOCK_PLACES } from './superblock-places.ts';

const [first, ...mirrors] = SUPERBLOCK_PLACES;

async function open(source: ByteSource, options: OpenOptions): Promise<FileSystem> {
  const { openBtrfs } = await import('./open-btrfs.ts');
  return openBtrfs(source, options);
}

export const btrfs: FileSystemFormat = {
  id: 'btrfs',
  name: 'Btrfs',
  detect: (source) => hasMagic(source, first),
  open,
};

/** One whose first superblock is gone, told by a mirror, which may also be left over from what was on the device before. */
export const btrfsMirror: FileSystemFormat = {
  id: 'btrfs-mirror',
  name: 'Btrfs without its first superblock',
  detect: (source) => mirrors.some((place) => hasMagic(source, place)),
  open,
};
