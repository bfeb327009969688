/**
 * ISO 9660, told by its first volume descriptor. Hybrid images begin with a partition table as well, which covers the same bytes:
 * they are this file system first.
 */
import type { FileSystemFormat } from '../file-system.ts';
import { DESCRIPTORS_OFFSET, SECTOR, STANDARD_ID } from './sectors.ts';

export const iso9660: FileSystemFormat = {
  id: 'iso9660',
  name: 'ISO 9660 (Rock Ridge, Joliet, El Torito, zisofs)',
  comesBeforeTables: true,

  detect(source) {
    if (source.size < DESCRIPTORS_OFFSET + SECTOR) return false;
    const bytes = source.read(DESCRIPTORS_OFFSET + 1, STANDARD_ID.length);
    return Buffer.from(bytes).toString('latin1') === STANDARD_ID;
  },

  async open(source, options) {
    const { openIso9660 } = await import('./open-iso9660.ts');
    return openIso9660(source, options);
  },
};
