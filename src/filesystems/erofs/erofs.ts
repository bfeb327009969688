/** EROFS, told by the magic number of its superblock; a dm-verity hash tree or padding may follow it. */
import type { FileSystemFormat } from '../file-system.ts';
import { MAGIC, SUPERBLOCK_OFFSET } from './superblock-place.ts';

export const erofs: FileSystemFormat = {
  id: 'erofs',
  name: 'EROFS',

  detect(source) {
    if (source.size < SUPERBLOCK_OFFSET + MAGIC.length) return false;
    const bytes = source.read(SUPERBLOCK_OFFSET, MAGIC.length);
    return MAGIC.every((byte, i) => bytes[i] === byte);
  },

  async open(source, options) {
    const { openErofs } = await import('./open-erofs.ts');
    return openErofs(source, options);
  },
};
