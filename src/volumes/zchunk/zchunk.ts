/**
 * zchunk files (zchunk_format.txt of zchunk): an index of chunks, each compressed and sealed on its own, so that one is expanded only
 * when it is asked for. Files that need a dictionary, and headers without their data, are refused by name.
 */
import { startsWith } from '../../bytes/codecs/codec.ts';
import type { VolumeFormat } from '../volume.ts';

export const fileMagic = [...Buffer.from('\0ZCK1')];
/** A header alone, which a delta download keeps. */
export const headerMagic = [...Buffer.from('\0ZHR1')];

export const zchunk: VolumeFormat = {
  id: 'zchunk',
  name: 'zchunk file',
  detect: (source) => startsWith(source, fileMagic) || startsWith(source, headerMagic),
  async open(source, options) {
    const { openZchunk } = await import('./open-zchunk.ts');
    return openZchunk(source, options.limits);
  },
};
