/** gzip around an image: `.gz`, `.tgz`. */
import { type Codec, startsWith } from '../codec.ts';

export const gzip: Codec = {
  id: 'gz',
  name: 'gzip',
  detect: (source) => startsWith(source, [0x1f, 0x8b, 8]),
  async open(source, options) {
    const [{ expand }, { decodeGzip }] = await Promise.all([import('../expand.ts'), import('./decode-gzip.ts')]);
    return expand(source, options, decodeGzip);
  },
};
