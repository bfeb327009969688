/**
 * gzip (RFC 1952): members in a row, each a header, a deflate stream, CRC-32 and length. zlib does the deflate part on its own
 * thread; headers, checksums and what follows the last member are ours. Zero padding after a member is accepted, as gzip does.
 */
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { crc32, crc32Zeros } from '../../checksums/crc32.ts';
import { isZero } from '../../zeroes.ts';
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';

const MAGIC = 0x8b1f;
const DEFLATE = 8;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;
/** Longest name or comment taken for one; the format has no bound. */
const MAX_TEXT = 64 * 1024;
const OUTPUT_CHUNK = 1024 * 1024;

/** A Decoder for gzip. */
export async function* decodeGzip(input: StreamInput, options: CodecOptions): AsyncGenerator<Uint8Array> {
  do {
    readHeader(input);
    let crc = 0;
    let length = 0;
    for await (const chunk of inflate(input)) {
      crc = isZero(chunk) ? crc32Zeros(chunk.length, crc) : crc32(chunk, crc);
      length += chunk.length;
      yield chunk;
    }
    const trailer = input.position;
    if (input.u32le('a gzip trailer') !== crc) {
      throw input.error('corrupt', 'gzip/bad-crc', 'the gzip checksum does not match the expanded bytes', trailer);
    }
    if (input.u32le('a gzip trailer') !== length % 2 ** 32) {
      throw input.error('corrupt', 'gzip/bad-length', 'the gzip length does not match the expanded bytes', trailer + 4);
    }
  } while (atMember(input));
  const end = input.position;
  skipZeroes(input);
  if (input.remaining > 0) input.seek(end);
  endStream(input, options, 'gzip');
}

function atMember(input: StreamInput): boolean {
  const [first, second] = input.peek(2);
  return first === (MAGIC & 0xff) && second === MAGIC >> 8;
}

function skipZeroes(input: StreamInput): void {
  for (;;) {
    const position = input.position;
    const bytes = input.some();
    const other = bytes.findIndex((byte) => byte !== 0);
    if (other >= 0) input.seek(position + other);
    if (other >= 0 || bytes.length === 0) return;
  }
}

/** Reads a member header, and verifies its checksum if it has one. */
function readHeader(input: StreamInput): void {
  const start = input.position;
  const what = 'a gzip header';
  let crc = 0;
  const take = (length: number): Uint8Array => {
    const bytes = input.take(length, what);
    crc = crc32(bytes, crc);
    return bytes;
  };
  const fixed = take(10);
  const method = fixed[2] as number;
  const flags = fixed[3] as number;
  if (method !== DEFLATE)
    throw input.error('unsupported', 'gzip/method', `gzip method ${method} is unknown`, start + 2);
  if (flags & RESERVED) {
    throw input.error('unsupported', 'gzip/flags', `gzip header flags 0x${flags.toString(16)} are reserved`, start + 3);
  }
  if (flags & FEXTRA) {
    const [low = 0, high = 0] = take(2);
    take(low | (high << 8));
  }
  for (const flag of [FNAME, FCOMMENT]) {
    if (!(flags & flag)) continue;
    const text = input.peek(MAX_TEXT);
    const length = text.indexOf(0) + 1;
    if (length > 0) take(length);
    else if (text.length < MAX_TEXT) throw input.truncated(what);
    else throw input.error('corrupt', 'gzip/long-text', `a gzip header holds a text of over ${MAX_TEXT} bytes`);
  }
  if (flags & FHCRC) {
    const expected = crc & 0xffff;
    const [low = 0, high = 0] = input.take(2, what);
    if ((low | (high << 8)) !== expected) {
      throw input.error('corrupt', 'gzip/bad-header-crc', 'the checksum of a gzip header does not match', start);
    }
  }
}

/** One raw deflate stream from where `input` stands; leaves it at the first byte behind. */
async function* inflate(input: StreamInput): AsyncGenerator<Uint8Array> {
  const start = input.position;
  const engine = createInflateRaw({ chunkSize: OUTPUT_CHUNK });
  const feed = Readable.from(copies(input), { objectMode: false });
  feed.on('error', (error) => engine.destroy(error));
  // Not a pipeline: the engine ends before its input does, which a pipeline takes for a failure.
  feed.pipe(engine);
  try {
    for await (const chunk of engine) yield chunk as Uint8Array;
  } catch (error) {
    throw inflateError(error, input, start + engine.bytesWritten);
  } finally {
    feed.destroy();
    engine.destroy();
  }
  input.seek(start + engine.bytesWritten);
}

function* copies(input: StreamInput): Generator<Uint8Array> {
  for (;;) {
    const bytes = input.some();
    if (bytes.length === 0) return;
    yield Buffer.from(bytes);
  }
}

function inflateError(error: unknown, input: StreamInput, offset: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return input.truncated('a deflate stream');
  if (code === 'Z_DATA_ERROR')
    return input.error('corrupt', 'gzip/bad-deflate', 'the deflate stream is damaged', offset);
  return error;
}
