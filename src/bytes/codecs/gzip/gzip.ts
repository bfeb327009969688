/** gzip around an image: `.gz`, `.tgz`. */
import { startsWith, streamCodec } from '../codec.ts';

export const gzip = streamCodec({
  id: 'gz',
  name: 'gzip',
  detect: (source) => startsWith(source, [0x1f, 0x8b, 8]),
  loadDecoder: async () => (await import('./decode-gzip.ts')).decodeGzip,
});
