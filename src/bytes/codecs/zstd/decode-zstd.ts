/** Zstandard (RFC 8878) by Node's own zlib where it has it, else by the same library as WebAssembly, which takes little longer. */
import type { CodecOptions } from '../codec.ts';
import type { StreamInput } from '../stream-input.ts';
import { decodeZstdNatively, findNativeZstd } from './native-zstd.ts';

/** A Decoder for zstd. */
export async function* decodeZstd(input: StreamInput, options: CodecOptions): AsyncGenerator<Uint8Array> {
  const native = findNativeZstd();
  const decode = native ? decodeZstdNatively(native) : (await import('./wasm-zstd.ts')).decodeZstdInWasm;
  yield* decode(input, options);
}
