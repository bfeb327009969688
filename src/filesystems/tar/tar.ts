/**
 * tar archives of every common kind, told by a first header whose checksum holds. Archives that hold an image in another
 * form (OCI, docker save, OVA) are tar as well: formats that look inside have to stand before this one in the registry.
 */
import type { FileSystemFormat } from '../file-system.ts';
import { BLOCK, hasValidChecksum, isZeroBlock } from './header.ts';

export const tar: FileSystemFormat = {
  id: 'tar',
  name: 'tar (v7, ustar, GNU, pax)',

  detect(source) {
    if (source.size < BLOCK) return false;
    const block = source.read(0, BLOCK);
    return !isZeroBlock(block) && hasValidChecksum(block);
  },

  async open(source, { limits }) {
    const { TarFileSystem } = await import('./tar-file-system.ts');
    return new TarFileSystem(source, limits);
  },
};
