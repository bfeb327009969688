/**
 * LZO1X blocks (Documentation/staging/lzo.rst of Linux; squashfs, btrfs, lzop): one byte of instruction, what it means depends on
 * how many literals the one before copied. The run-length extension of LZO-RLE (bitstream version 1) is not read.
 */
import { type BlockDecoder, badBlock } from './block.ts';
import { copyMatch, copyWords, SHORT, WORD } from './copy.ts';

/** The last instruction: a match of distance 16384 and length 3. */
const END_DISTANCE = 16384;

export const decodeLzo: BlockDecoder = (input, maxOutput, options) => {
  const output = new Uint8Array(maxOutput);
  const source = new DataView(input.buffer, input.byteOffset, input.length);
  const target = new DataView(output.buffer);
  const partial = options?.partial === true;
  let at = 0;
  let out = 0;
  /** Literals the last instruction copied: 0 to 3, or 4 for a run of four or more. */
  let state = 0;

  const next = (): number => {
    const byte = input[at++];
    if (byte === undefined) throw badBlock('lzo', 'it is cut off');
    return byte;
  };
  /** A length that did not fit into `bits`: each zero byte adds 255. */
  const longLength = (bits: number): number => {
    let length = (1 << bits) - 1;
    for (;;) {
      const byte = next();
      if (byte !== 0) return length + byte;
      length += 255;
    }
  };
  const literals = (count: number): void => {
    let length = count;
    if (length > maxOutput - out) {
      if (!partial) throw badBlock('lzo', 'it expands to too much');
      length = maxOutput - out;
    }
    if (length > input.length - at) throw badBlock('lzo', 'its literals are cut off');
    if (length <= SHORT && at + length + WORD <= input.length && out + length + WORD <= maxOutput) {
      copyWords(source, at, target, out, length);
    } else output.set(input.subarray(at, at + length), out);
    at += length;
    out += length;
  };
  const match = (distance: number, count: number): void => {
    if (distance > out) throw badBlock('lzo', 'a match reaches before the start');
    let length = count;
    if (length > maxOutput - out) {
      if (!partial) throw badBlock('lzo', 'it expands to too much');
      length = maxOutput - out;
    }
    copyMatch(output, target, out, distance, length);
    out += length;
  };

  const first = input[0] ?? 0;
  if (first === 17 && input.length >= 5) throw badBlock('lzo', 'it is of a newer version');
  if (first > 17) {
    at = 1;
    literals(first - 17);
    state = Math.min(first - 17, 4);
  }
  while (!(partial && out === maxOutput)) {
    const instruction = next();
    let length: number;
    let distance: number;
    let trailing: number;
    if (instruction >= 64) {
      length = instruction >= 128 ? 5 + ((instruction >> 5) & 3) : 3 + ((instruction >> 5) & 1);
      distance = (next() << 3) + ((instruction >> 2) & 7) + 1;
      trailing = instruction & 3;
    } else if (instruction >= 16) {
      const bits = instruction >= 32 ? 5 : 3;
      length = instruction & ((1 << bits) - 1);
      length = 2 + (length === 0 ? longLength(bits) : length);
      const low = next();
      const operand = (low >> 2) + (next() << 6);
      distance = instruction >= 32 ? operand + 1 : END_DISTANCE + ((instruction & 8) << 11) + operand;
      trailing = low & 3;
      if (distance === END_DISTANCE && instruction < 32) {
        if (length !== 3 || at !== input.length) throw badBlock('lzo', 'it does not end where its data do');
        return output.subarray(0, out);
      }
    } else if (state === 0) {
      literals(3 + (instruction === 0 ? longLength(4) : instruction));
      state = 4;
      continue;
    } else {
      const far = state === 4;
      length = far ? 3 : 2;
      distance = (next() << 2) + (instruction >> 2) + (far ? 2049 : 1);
      trailing = instruction & 3;
    }
    match(distance, length);
    literals(trailing);
    state = trailing;
  }
  return output;
};
