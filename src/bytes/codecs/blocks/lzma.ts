/**
 * LZMA blocks: with the 13-byte header of .lzma (squashfs "lzma"), and MicroLZMA (erofs): no header, and the first byte of the
 * range coder, always zero, replaced by the inverted properties.
 */
import { INPUT_MARGIN, LzmaDecoder } from '../lzma/lzma-decoder.ts';
import { LzmaDictionary } from '../lzma/lzma-dictionary.ts';
import { type LzmaProperties, parseProperties } from '../lzma/lzma-models.ts';
import { type BlockDecoder, badBlock } from './block.ts';

const HEADER = 13;

/** A block that says its size, or -1 and an end mark. */
export const decodeLzma: BlockDecoder = (input, maxOutput, options) => {
  const properties = parseProperties(input[0] ?? 255);
  if (!properties || input.length < HEADER + 5) throw badBlock('lzma', 'its header makes no sense');
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const low = view.getUint32(5, true);
  const high = view.getUint32(9, true);
  const unknown = low === 0xffffffff && high === 0xffffffff;
  if (!unknown && (high > 0 || low > maxOutput) && !options?.partial) throw badBlock('lzma', 'it expands to too much');
  // Where only an end mark tells the size, one byte of room more shows whether the mark comes in time.
  const size = unknown ? maxOutput + 1 : high > 0 ? maxOutput : Math.min(low, maxOutput);
  const decoder = run(input, HEADER, properties, new Uint8Array(size));
  if (!options?.partial && !unknown && decoder.dictionary.position !== size) throw badBlock('lzma', 'it is cut off');
  if (!options?.partial && unknown && !decoder.ended) throw badBlock('lzma', 'it does not end in time');
  return decoder.dictionary.bytes.subarray(0, Math.min(decoder.dictionary.position, maxOutput));
};

/** A block whose expanded size is known from elsewhere: exactly `maxOutput` bytes come out. */
export const decodeMicroLzma: BlockDecoder = (input, maxOutput) => {
  const properties = parseProperties(~(input[0] ?? 0) & 0xff);
  if (!properties || input.length < 5) throw badBlock('lzma', 'its properties make no sense');
  const coded = new Uint8Array(input);
  coded[0] = 0;
  const decoder = run(coded, 0, properties, new Uint8Array(maxOutput));
  if (decoder.dictionary.position !== maxOutput) throw badBlock('lzma', 'it expands to too little');
  return decoder.dictionary.bytes;
};

function run(input: Uint8Array, start: number, properties: LzmaProperties, output: Uint8Array): LzmaDecoder {
  const coded = new Uint8Array(input.length - start + INPUT_MARGIN);
  coded.set(input.subarray(start));
  const end = input.length - start;
  const decoder = new LzmaDecoder(new LzmaDictionary(output.length, output));
  decoder.resetState(properties);
  if (!decoder.startRangeCoder(coded, 0)) throw badBlock('lzma', 'its range coder does not begin with zero');
  if (!decoder.decode(coded, end + 1, output.length)) throw badBlock('lzma', 'its data make no sense');
  if (decoder.inputPosition > end) throw badBlock('lzma', 'it is cut off');
  return decoder;
}
