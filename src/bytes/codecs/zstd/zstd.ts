/** Zstandard around an image: `.zst`. A stream may begin with skippable frames (pzstd writes one), as one of LZ4 may. */
import { firstFrameMagic, streamCodec } from '../codec.ts';
import { FRAME_MAGIC } from './frame-magic.ts';

export const zstd = streamCodec({
  id: 'zst',
  name: 'Zstandard',
  detect: (source) => firstFrameMagic(source) === FRAME_MAGIC,
  loadDecoder: async () => (await import('./decode-zstd.ts')).decodeZstd,
  openBeside: async (source, options) => (await import('./open-frames.ts')).openZstdBeside(source, options),
});
