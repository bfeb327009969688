/**
 * Expands zstd frames by Node's own zlib, where it has zstd (22.15 and later). It would decode only the first of several frames and let
 * a cut off one pass, but is never given either; XXH64 is verified by it.
 */
import { Readable, type Transform } from 'node:stream';
import type { CodecOptions } from '../codec.ts';
import type { StreamInput } from '../stream-input.ts';
import { type Frame, scanFrames } from './frame-scanner.ts';
import { zstdError } from './zstd-error.ts';

interface ZstdOptions {
  readonly chunkSize: number;
  readonly maxOutputLength?: number;
}

/** The part of node:zlib in use, which the types of Node 20 do not know. */
export interface NativeZstd {
  createZstdDecompress(options: ZstdOptions): Transform;
  zstdDecompressSync(bytes: Uint8Array, options: ZstdOptions): Uint8Array;
}

/** Three times as fast as the default. */
const CHUNK = 1024 * 1024;

/** Undefined where Node has no zstd of its own. */
export function findNativeZstd(): NativeZstd | undefined {
  const zlib: Partial<NativeZstd> = process.getBuiltinModule('node:zlib') as object;
  return zlib.createZstdDecompress && zlib.zstdDecompressSync ? (zlib as NativeZstd) : undefined;
}

/** A Decoder for zstd. */
export function decodeZstdNatively(
  zlib: NativeZstd,
): (input: StreamInput, options: CodecOptions) => AsyncGenerator<Uint8Array> {
  return async function* decode(input, options) {
    for (const frame of scanFrames(input, options)) {
      let produced = 0;
      for await (const chunk of expandFrame(zlib, frame, input)) {
        produced += chunk.length;
        yield chunk;
      }
      frame.checkSize(produced);
    }
  };
}

async function* expandFrame(zlib: NativeZstd, frame: Frame, input: StreamInput): AsyncGenerator<Uint8Array> {
  const engine = zlib.createZstdDecompress({ chunkSize: CHUNK });
  const feed = Readable.from(copies(frame), { objectMode: false });
  feed.on('error', (error) => engine.destroy(error));
  feed.pipe(engine);
  try {
    for await (const chunk of engine) yield chunk as Uint8Array;
  } catch (error) {
    throw nativeError(error, input);
  } finally {
    feed.destroy();
    engine.destroy();
  }
}

function* copies({ batches }: Frame): Generator<Uint8Array> {
  for (const { bytes } of batches) yield Buffer.from(bytes);
}

/** All frames of a short input, each at once and of at most `maxOutput` bytes. */
export function* decodeFramesAtOnce(
  zlib: NativeZstd,
  input: StreamInput,
  maxOutput: number,
  options: Pick<CodecOptions, 'onTrailing'>,
): Generator<Uint8Array> {
  const size = Math.max(1, maxOutput);
  for (const frame of scanFrames(input, options)) {
    const bytes = Buffer.concat([...copies(frame)]);
    const output = expandAtOnce(zlib, bytes, size, input);
    frame.checkSize(output.length);
    yield output;
  }
}

function expandAtOnce(zlib: NativeZstd, bytes: Uint8Array, size: number, input: StreamInput): Uint8Array {
  try {
    return zlib.zstdDecompressSync(bytes, { maxOutputLength: size, chunkSize: Math.min(size, CHUNK) });
  } catch (error) {
    throw nativeError(error, input);
  }
}

/** An ImageError for what zlib says about the bytes, else what was thrown. */
function nativeError(error: unknown, input: StreamInput): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const { code } = error;
  if (code === 'Z_BUF_ERROR')
    return input.error('corrupt', 'zstd/bad-frame', 'a zstd frame does not end with its last block');
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return input.error('corrupt', 'zstd/bad-size', 'it expands to more bytes than it may');
  if (!code.startsWith('ZSTD_error_')) return error;
  return zstdError('errno' in error ? Number(error.errno) : 0, input);
}
