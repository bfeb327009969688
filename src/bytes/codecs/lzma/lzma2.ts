/**
 * LZMA2 (xz-file-format.txt 5.3.1, and the SDK): chunks of at most 2 MiB of output, each stored or LZMA with at most 64 KiB of
 * input, so that a chunk is decoded in one go.
 */
import type { StreamInput } from '../stream-input.ts';
import { INPUT_MARGIN, type LzmaDecoder } from './lzma-decoder.ts';
import type { LzmaDictionary } from './lzma-dictionary.ts';
import { parseProperties } from './lzma-models.ts';

const CHUNK_INPUT = 64 * 1024;

/** The dictionary size behind its code in a filter's properties, or undefined if the code is reserved. */
export function parseDictionarySize(code: number): number | undefined {
  if (code > 40) return undefined;
  return code === 40 ? 0xffffffff : (2 | (code & 1)) * 2 ** (Math.floor(code / 2) + 11);
}

/** Decodes chunks up to the end mark. Yields views of the decoder's dictionary, which must not be modified. */
export function* decodeLzma2(input: StreamInput, decoder: LzmaDecoder): Generator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_INPUT + INPUT_MARGIN);
  let needsDictionary = true;
  let needsProperties = true;
  let needsState = true;
  for (;;) {
    const start = input.position;
    const bad = (message: string) => input.error('corrupt', 'xz/bad-chunk', message, start);
    const control = input.u8('an LZMA2 chunk');
    if (control === 0) return;
    if (control === 1 || control >= 0xe0) {
      needsDictionary = false;
      needsProperties = true;
      decoder.dictionary.reset();
    } else if (needsDictionary) throw bad('the first LZMA2 chunk does not reset the dictionary');

    if (control < 0x80) {
      if (control > 2) throw bad(`an LZMA2 chunk of type ${control} is unknown`);
      const [high = 0, low = 0] = input.take(2, 'an LZMA2 chunk');
      yield* storeChunk(input, decoder.dictionary, (high << 8) + low + 1);
      continue;
    }
    const [b1 = 0, b2 = 0, b3 = 0, b4 = 0] = input.take(4, 'an LZMA2 chunk');
    const unpacked = ((control & 0x1f) << 16) + (b1 << 8) + b2 + 1;
    const packed = (b3 << 8) + b4 + 1;
    if (control >= 0xc0) {
      const properties = parseProperties(input.u8('an LZMA2 chunk'));
      if (!properties || properties.lc + properties.lp > 4)
        throw bad('the properties of an LZMA2 chunk are out of range');
      decoder.resetState(properties);
      needsProperties = false;
      needsState = false;
    } else if (needsProperties) throw bad('an LZMA2 chunk has no properties');
    else if (control >= 0xa0) {
      decoder.resetState();
      needsState = false;
    } else if (needsState) throw bad('an LZMA2 chunk has no state to go on from');
    fill(buffer, input, packed);
    yield* decodeChunk(decoder, buffer, packed, unpacked, bad);
  }
}

function* storeChunk(input: StreamInput, dictionary: LzmaDictionary, length: number): Generator<Uint8Array> {
  if (length > input.remaining) throw input.truncated('an LZMA2 chunk');
  for (let rest = length; rest > 0; ) {
    dictionary.makeRoom();
    const from = dictionary.position;
    const part = input.some(Math.min(rest, dictionary.bytes.length - from));
    dictionary.append(part);
    rest -= part.length;
    yield dictionary.bytes.subarray(from, dictionary.position);
  }
}

/** Fills the start of `buffer` with input and its margin with zeroes. */
function fill(buffer: Uint8Array, input: StreamInput, length: number): void {
  if (length > input.remaining) throw input.truncated('an LZMA2 chunk');
  for (let done = 0; done < length; ) {
    const part = input.some(length - done);
    buffer.set(part, done);
    done += part.length;
  }
  buffer.fill(0, length, length + INPUT_MARGIN);
}

function* decodeChunk(
  decoder: LzmaDecoder,
  buffer: Uint8Array,
  packed: number,
  unpacked: number,
  bad: (message: string) => Error,
): Generator<Uint8Array> {
  const { dictionary } = decoder;
  if (packed < 5 || !decoder.startRangeCoder(buffer, 0)) throw bad('an LZMA2 chunk does not begin a range coder');
  for (let rest = unpacked; rest > 0; ) {
    dictionary.makeRoom();
    const from = dictionary.position;
    const end = Math.min(from + rest, dictionary.bytes.length);
    const good = decoder.decode(buffer, packed + 1, end);
    if (!good || decoder.ended || dictionary.position < end) throw bad('the data of an LZMA2 chunk are damaged');
    rest -= end - from;
    yield dictionary.bytes.subarray(from, end);
  }
  if (decoder.pending > 0 || decoder.inputPosition !== packed || !decoder.isFinished) {
    throw bad('an LZMA2 chunk does not end where it says');
  }
}
