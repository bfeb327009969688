/** ext2, ext3 and ext4, told by the superblock's magic number. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileSystem, FileSystemFormat, OpenOptions } from '../file-system.ts';
import { backupPlaces, hasMagic, SUPERBLOCK_OFFSET } from './superblock-places.ts';

async function open(source: ByteSource, options: OpenOptions): Promise<FileSystem> {
  const { openExt } = await import('./open-ext.ts');
  return openExt(source, options);
}

export const ext: FileSystemFormat = {
  id: 'ext4',
  name: 'ext2/3/4',
  detect: (source) => hasMagic(source, SUPERBLOCK_OFFSET),
  open,
};

/**
 * An ext file system whose first superblock is gone, told by the nearest backup. It comes last in the registry: a backup may
 * also be left over from what was on the device before.
 */
export const extBackup: FileSystemFormat = {
  id: 'ext4-backup',
  name: 'ext2/3/4 without its first superblock',
  detect(source) {
    for (const { offset, group } of backupPlaces()) if (group === 1 && hasMagic(source, offset, group)) return true;
    return false;
  },
  open,
};
