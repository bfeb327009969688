/** xz around an image: `.xz`. */
import { type Codec, startsWith } from '../codec.ts';

export const xz: Codec = {
  id: 'xz',
  name: 'xz',
  detect: (source) => startsWith(source, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
  async open(source, options) {
    if (options.beside) {
      const { openXzBeside } = await import('./open-blocks.ts');
      const running = await openXzBeside(source, options);
      if (running) return running;
    }
    const [{ expand }, { decodeXz }] = await Promise.all([import('../expand.ts'), import('./decode-xz.ts')]);
    return expand(source, options, decodeXz);
  },
};
