/** LZ4 blocks (lz4_Block_format.md): sequences of a token, literals and a match. */
import { type BlockDecoder, type BlockOptions, badBlock } from './block.ts';
import { copyMatch, copyWords, SHORT, WORD } from './copy.ts';

const MIN_MATCH = 4;

export const decodeLz4: BlockDecoder = (input, maxOutput, options) => {
  const output = Buffer.allocUnsafeSlow(maxOutput);
  return output.subarray(0, decodeLz4Into(input, output, 0, options));
};

/**
 * Decodes a block into `output` from `start` on, where matches may reach back before it (linked blocks of a frame). Returns the
 * position behind the last byte.
 */
export function decodeLz4Into(input: Uint8Array, output: Uint8Array, start: number, options?: BlockOptions): number {
  const partial = options?.partial === true;
  const inputEnd = input.length;
  const outputEnd = output.length;
  const source = new DataView(input.buffer, input.byteOffset, inputEnd);
  const target = new DataView(output.buffer, output.byteOffset, outputEnd);
  let at = 0;
  let out = start;
  while (at < inputEnd) {
    const token = input[at++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      let byte = 255;
      while (byte === 255) {
        if (at >= inputEnd) throw badBlock('lz4', 'a length is cut off');
        byte = input[at++] as number;
        literals += byte;
      }
    }
    if (literals > outputEnd - out) {
      if (!partial) throw badBlock('lz4', 'it expands to too much');
      literals = outputEnd - out;
    }
    if (literals > inputEnd - at) throw badBlock('lz4', 'its literals are cut off');
    if (literals <= SHORT && at + literals + WORD <= inputEnd && out + literals + WORD <= outputEnd) {
      copyWords(source, at, target, out, literals);
    } else output.set(input.subarray(at, at + literals), out);
    at += literals;
    out += literals;
    if (at === inputEnd || (partial && out === outputEnd)) return out;

    if (inputEnd - at < 2) throw badBlock('lz4', 'a match is cut off');
    const distance = (input[at] as number) | ((input[at + 1] as number) << 8);
    at += 2;
    if (distance === 0 || distance > out) throw badBlock('lz4', 'a match reaches before the start');
    let length = token & 15;
    if (length === 15) {
      let byte = 255;
      while (byte === 255) {
        if (at >= inputEnd) throw badBlock('lz4', 'a length is cut off');
        byte = input[at++] as number;
        length += byte;
      }
    }
    length += MIN_MATCH;
    if (length > outputEnd - out) {
      if (!partial) throw badBlock('lz4', 'it expands to too much');
      length = outputEnd - out;
    }
    copyMatch(output, target, out, distance, length);
    out += length;
    if (partial && out === outputEnd) return out;
  }
  throw badBlock('lz4', 'it does not end with literals');
}
