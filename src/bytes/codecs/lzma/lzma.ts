/**
 * LZMA "alone" around an image: `.lzma`. The format has no magic: what is taken for one is a header that the usual encoders
 * write, of valid properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, and a size below 256 GiB or unknown.
 */
import { streamCodec } from '../codec.ts';

const HEADER = 13;

export const lzma = streamCodec({
  id: 'lzma',
  name: 'LZMA',
  detect(source) {
    if (source.size < HEADER + 5) return false;
    const bytes = source.read(0, HEADER + 1);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const dictionary = view.getUint32(1, true);
    const high = view.getUint32(9, true);
    const unknown = high === 0xffffffff && view.getUint32(5, true) === 0xffffffff;
    // 0x5d (lc 3, lp 0, pb 2) is what every encoder writes by default; other values are too likely to be something else.
    return bytes[0] === 0x5d && isUsualSize(dictionary) && (unknown || high < 64) && bytes[HEADER] === 0;
  },
  loadDecoder: async () => (await import('./decode-lzma-alone.ts')).decodeLzmaAlone,
});

function isUsualSize(size: number): boolean {
  if (size === 0xffffffff) return true;
  const power = 2 ** Math.floor(Math.log2(size));
  return size >= 4096 && (size === power || size === power * 1.5);
}
