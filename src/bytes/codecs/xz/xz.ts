/** xz around an image: `.xz`. */
import { startsWith, streamCodec } from '../codec.ts';

export const xz = streamCodec({
  id: 'xz',
  name: 'xz',
  detect: (source) => startsWith(source, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
  loadDecoder: async () => (await import('./decode-xz.ts')).decodeXz,
  openBeside: async (source, options) => (await import('./open-blocks.ts')).openXzBeside(source, options),
});
