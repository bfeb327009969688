/** Zstandard around an image: `.zst`. A stream may begin with skippable frames (pzstd writes one), as one of LZ4 may. */
import { type Codec, firstFrameMagic } from '../codec.ts';

export const zstd: Codec = {
  id: 'zst',
  name: 'Zstandard',
  detect: (source) => firstFrameMagic(source) === 0xfd2fb528,
  async open(source, options) {
    if (options.beside) {
      const [{ openStreamBeside }, { measureFrames }] = await Promise.all([
        import('../../beside/open-stream.ts'),
        import('./measure-frames.ts'),
      ]);
      const running = await openStreamBeside(source, options, 'zst', measureFrames(source));
      if (running) return running;
    }
    const [{ expand }, { decodeZstd }] = await Promise.all([import('../expand.ts'), import('./decode-zstd.ts')]);
    return expand(source, options, decodeZstd);
  },
};
