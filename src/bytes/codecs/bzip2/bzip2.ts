/** bzip2 around an image: `.bz2`. */
import { startsWith, streamCodec } from '../codec.ts';

export const bzip2 = streamCodec({
  id: 'bz2',
  name: 'bzip2',
  detect(source) {
    if (!startsWith(source, [0x42, 0x5a, 0x68]) || source.size < 10) return false;
    // The level, then the first byte of a block (pi) or of the end of an empty stream (the root of pi).
    const [level = 0, first = 0] = source.read(3, 2);
    return level >= 0x31 && level <= 0x39 && (first === 0x31 || first === 0x17);
  },
  loadDecoder: async () => (await import('./decode-bzip2.ts')).decodeBzip2,
});
