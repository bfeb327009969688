/** Deflate blocks: with the zlib wrapper (RFC 1950; squashfs, btrfs, jffs2) and without (RFC 1951; erofs, qcow2), by node:zlib. */
import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import { type BlockDecoder, type BlockOptions, badBlock } from './block.ts';

/** Deflate expands at most so many times. */
const MAX_RATIO = 1032;

/** A zlib stream; its Adler-32 is verified. */
export const decodeZlib: BlockDecoder = (input, maxOutput, options) => inflate('zlib', input, maxOutput, options);

/** A bare deflate stream. */
export const decodeDeflate: BlockDecoder = (input, maxOutput, options) => inflate('deflate', input, maxOutput, options);

function inflate(format: 'zlib' | 'deflate', input: Uint8Array, maxOutput: number, options?: BlockOptions): Uint8Array {
  const run = format === 'zlib' ? inflateSync : inflateRawSync;
  // Node cannot stop at a size, only refuse one; a partial block is expanded as far as its bytes can go.
  const bound = options?.partial ? Math.max(1, input.length) * MAX_RATIO : maxOutput;
  const finishFlush = options?.partial ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
  const chunkSize = Math.max(64, Math.min(maxOutput, 1024 * 1024));
  try {
    const output = run(input, { maxOutputLength: Math.max(1, bound), finishFlush, chunkSize });
    if (output.length > maxOutput && !options?.partial) throw badBlock(format, 'it expands to too much');
    return output.subarray(0, maxOutput);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw badBlock(format, `it expands to more than ${maxOutput} bytes`);
    if (code === 'Z_BUF_ERROR') throw badBlock(format, 'it is cut off');
    if (code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT') throw badBlock(format, 'its data make no sense');
    throw error;
  }
}
