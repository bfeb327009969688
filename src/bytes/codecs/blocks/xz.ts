/** A whole .xz stream as one block (squashfs "xz", with its branch filters). */
import { defaultLimits } from '../../../limits.ts';
import { MemorySource } from '../../memory-source.ts';
import { StreamInput } from '../stream-input.ts';
import { decodeXz } from '../xz/decode-xz.ts';
import type { BlockDecoder } from './block.ts';
import { collect } from './collect.ts';

export const decodeXzBlock: BlockDecoder = (input, maxOutput, options) => {
  const stream = decodeXz(new StreamInput(new MemorySource(input, 'xz block')), { limits: defaultLimits });
  return collect('xz', stream, maxOutput, options);
};
