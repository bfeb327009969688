/** UBI images, as ubinize makes them and as a dump of flash holds them, told by the header of the first erase block. */
import { startsWith } from '../../bytes/codecs/codec.ts';
import type { VolumeFormat } from '../volume.ts';

const MAGIC = [0x55, 0x42, 0x49, 0x23];

export const ubi: VolumeFormat = {
  id: 'ubi',
  name: 'UBI image',
  detect: (source) => startsWith(source, MAGIC),
  async open(source, options) {
    const { openUbi } = await import('./open-ubi.ts');
    return openUbi(source, options);
  },
};
