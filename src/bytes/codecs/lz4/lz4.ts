/** LZ4 around an image: `.lz4`, frames of today's format or the legacy one (kernels, `lz4 -l`). */
import { firstFrameMagic, streamCodec } from '../codec.ts';
import { FRAME_MAGIC, LEGACY_MAGIC } from './frame-magic.ts';

export const lz4 = streamCodec({
  id: 'lz4',
  name: 'LZ4',
  detect(source) {
    const magic = firstFrameMagic(source);
    return magic === FRAME_MAGIC || magic === LEGACY_MAGIC;
  },
  loadDecoder: async () => (await import('./decode-lz4.ts')).decodeLz4Stream,
});
