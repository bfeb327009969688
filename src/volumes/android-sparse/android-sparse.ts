/**
 * Android sparse images (sparse_format.h of AOSP libsparse, version 1): chunks of raw, repeated and absent blocks in the order of
 * the image. Its checksums, which few tools write, are verified when it is opened.
 */
import { startsWith } from '../../bytes/codecs/codec.ts';
import type { VolumeFormat } from '../volume.ts';

const MAGIC = [0x3a, 0xff, 0x26, 0xed];

export const androidSparse: VolumeFormat = {
  id: 'android-sparse',
  name: 'Android sparse image',
  detect: (source) => startsWith(source, MAGIC),
  async open(source) {
    const { openAndroidSparse } = await import('./open-android-sparse.ts');
    return openAndroidSparse(source);
  },
};
