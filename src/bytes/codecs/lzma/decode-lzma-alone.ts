/** LZMA "alone" (lzma-file-format.txt of xz): properties, dictionary size, size or -1, and one LZMA stream without any checksum. */
import { safeInteger } from '../../struct.ts';
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';
import { INPUT_MARGIN, LzmaDecoder } from './lzma-decoder.ts';
import { LzmaDictionary } from './lzma-dictionary.ts';
import { parseProperties } from './lzma-models.ts';

const WINDOW = 64 * 1024;
const MAX_DICTIONARY = 256 * 1024 * 1024;
const MIN_DICTIONARY = 4096;
/** Output is given on in pieces of at most this size. */
const PIECE = 1024 * 1024;

/** A Decoder for LZMA. */
export function* decodeLzmaAlone(input: StreamInput, options: CodecOptions): Generator<Uint8Array> {
  const header = input.take(13, 'an lzma header');
  const view = new DataView(header.buffer, header.byteOffset);
  const properties = parseProperties(header[0] as number);
  const stored = view.getUint32(1, true);
  const known = view.getUint32(5, true) !== 0xffffffff || view.getUint32(9, true) !== 0xffffffff;
  const size = known ? safeInteger(view.getUint32(5, true), view.getUint32(9, true)) : Infinity;
  const wanted = Math.max(MIN_DICTIONARY, Math.min(stored, size));
  if (!properties) throw input.error('corrupt', 'lzma/bad-header', 'the properties of an lzma stream make no sense');
  if (wanted > MAX_DICTIONARY) {
    throw input.error(
      'limit',
      'lzma/dictionary',
      `the lzma stream needs a dictionary of ${wanted} bytes, at most ${MAX_DICTIONARY} are given`,
    );
  }
  const decoder = new LzmaDecoder(new LzmaDictionary(wanted));
  decoder.resetState(properties);
  yield* decodeStream(input, decoder, size);
  endStream(input, options, 'lzma');
}

function* decodeStream(input: StreamInput, decoder: LzmaDecoder, size: number): Generator<Uint8Array> {
  const bad = () => input.error('corrupt', 'lzma/bad-data', 'the lzma data before this place are damaged');
  const window = new Uint8Array(WINDOW + INPUT_MARGIN);
  /** Bytes of the window that hold input, and where the first of them lies in the source. */
  let filled = 0;
  let start = input.position;
  const refill = (): void => {
    const used = Math.min(decoder.inputPosition, filled);
    window.copyWithin(0, used, filled);
    filled -= used;
    start += used;
    decoder.inputPosition -= used;
    while (filled < WINDOW) {
      const part = input.some(WINDOW - filled);
      if (part.length === 0) break;
      window.set(part, filled);
      filled += part.length;
    }
    window.fill(0, filled, filled + INPUT_MARGIN);
  };
  refill();
  if (filled < 5) throw input.truncated('an lzma stream');
  if (!decoder.startRangeCoder(window, 0)) throw bad();
  const { dictionary } = decoder;
  let produced = 0;
  while (!decoder.ended && !(produced === size && decoder.isFinished)) {
    refill();
    // The last bytes of the window are left for the next one, unless there is none: a symbol may need them.
    const inputEnd = input.remaining === 0 ? filled + 1 : filled - INPUT_MARGIN;
    dictionary.makeRoom();
    const from = dictionary.position;
    // Where the size is known and reached, what is left can only be an end mark: a byte more than `size` is an error below.
    const room = Math.max(1, size - produced);
    if (!decoder.decode(window, inputEnd, Math.min(from + PIECE, dictionary.bytes.length, from + room))) throw bad();
    if (decoder.inputPosition > filled) throw input.truncated('an lzma stream');
    const output = dictionary.bytes.subarray(from, dictionary.position);
    produced += output.length;
    if (produced > size) throw bad();
    yield output;
  }
  if (decoder.pending > 0 || !decoder.isFinished || (size !== Infinity && produced !== size)) throw bad();
  input.seek(start + decoder.inputPosition);
}
