/**
 * cpio archives (newc, crc, odc), and what begins with one: an initramfs is several archives in a row, of which the later ones
 * may be compressed.
 */
import type { FileSystemFormat } from '../file-system.ts';
import { headerSize, MAGIC_SIZE, readDialect } from './header.ts';

export const cpio: FileSystemFormat = {
  id: 'cpio',
  name: 'cpio (newc, crc, odc; initramfs)',

  detect(source) {
    if (source.size < MAGIC_SIZE) return false;
    const dialect = readDialect(source.read(0, MAGIC_SIZE));
    return dialect !== undefined && source.size >= headerSize(dialect);
  },

  async open(source, options) {
    const { openCpio } = await import('./open-cpio.ts');
    return openCpio(source, options);
  },
};
