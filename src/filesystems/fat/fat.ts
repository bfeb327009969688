/** FAT12, FAT16 and FAT32 with long names, told by the boot sector. exFAT is recognised and refused by its name. */
import type { FileSystemFormat } from '../file-system.ts';
import { BOOT_BYTES, isExfat, isFatBootSector } from './boot-sector.ts';

export const fat: FileSystemFormat = {
  id: 'vfat',
  name: 'FAT12/16/32',

  detect(source) {
    if (source.size < BOOT_BYTES) return false;
    const sector = source.read(0, BOOT_BYTES);
    return isExfat(sector) || isFatBootSector(sector);
  },

  async open(source, { limits }) {
    const { VfatFileSystem } = await import('./vfat.ts');
    return new VfatFileSystem(source, limits);
  },
};
