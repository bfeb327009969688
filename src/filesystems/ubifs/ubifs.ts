/** UBIFS, in a UBI volume or bare as mkfs.ubifs writes it, told by the superblock node at its start. */
import type { FileSystemFormat } from '../file-system.ts';
import { NODE_MAGIC, NODE_TYPE_OFFSET, SUPERBLOCK_NODE } from './magic.ts';

export const ubifs: FileSystemFormat = {
  id: 'ubifs',
  name: 'UBIFS',

  detect(source) {
    if (source.size <= NODE_TYPE_OFFSET) return false;
    const bytes = source.read(0, NODE_TYPE_OFFSET + 1);
    return NODE_MAGIC.every((byte, i) => bytes[i] === byte) && bytes[NODE_TYPE_OFFSET] === SUPERBLOCK_NODE;
  },

  async open(source, options) {
    const { openUbifs } = await import('./open-ubifs.ts');
    return openUbifs(source, options);
  },
};
