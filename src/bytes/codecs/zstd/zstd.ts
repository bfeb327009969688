/** Zstandard around an image: `.zst`. A stream may begin with skippable frames (pzstd writes one), as one of LZ4 may. */
import { type Codec, firstFrameMagic } from '../codec.ts';
import { FRAME_MAGIC } from './frame-magic.ts';

export const zstd: Codec = {
  id: 'zst',
  name: 'Zstandard',
  detect: (source) => firstFrameMagic(source) === FRAME_MAGIC,
  async open(source, options) {
    if (options.beside) {
      const { openZstdBeside } = await import('./open-frames.ts');
      const running = await openZstdBeside(source, options);
      if (running) return running;
    }
    const [{ expand }, { decodeZstd }] = await Promise.all([import('../expand.ts'), import('./decode-zstd.ts')]);
    return expand(source, options, decodeZstd);
  },
};
