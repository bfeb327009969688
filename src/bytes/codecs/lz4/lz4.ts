/** LZ4 around an image: `.lz4`, frames of today's format or the legacy one (kernels, `lz4 -l`). */
import { type Codec, firstFrameMagic } from '../codec.ts';
import { FRAME_MAGIC, LEGACY_MAGIC } from './frame-magic.ts';

export const lz4: Codec = {
  id: 'lz4',
  name: 'LZ4',
  detect(source) {
    const magic = firstFrameMagic(source);
    return magic === FRAME_MAGIC || magic === LEGACY_MAGIC;
  },
  async open(source, options) {
    const [{ expand }, { decodeLz4Stream }] = await Promise.all([import('../expand.ts'), import('./decode-lz4.ts')]);
    return expand(source, options, decodeLz4Stream);
  },
};
