/** The header of a zchunk file (zchunk_format.txt): lead, preface, index. Its checksum is verified; signatures are passed over. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';

const MAGIC_BYTES = 5;
/** Lengths take seven bits a byte, the lowest first; the last byte has its top bit set. */
const MAX_INTEGER_BYTES = 7;
const MAX_HEADER = 64 * 1024 * 1024;
/** Of the usual size they are an image of 128 GiB. */
const MAX_CHUNKS = 1_000_000;
const MAX_CHUNK_BYTES = 64 * 1024 * 1024;

/** Bits of the flags. */
const STREAMS = 1 << 0;
const OPTIONAL_ELEMENTS = 1 << 1;
const UNCOMPRESSED_CHECKSUMS = 1 << 2;
const KNOWN = STREAMS | OPTIONAL_ELEMENTS | UNCOMPRESSED_CHECKSUMS;

interface Checksum {
  readonly algorithm: string;
  /** The digest is cut to so many bytes. */
  readonly bytes: number;
}

const checksums: readonly Checksum[] = [
  { algorithm: 'sha1', bytes: 20 },
  { algorithm: 'sha256', bytes: 32 },
  { algorithm: 'sha512', bytes: 64 },
  { algorithm: 'sha512', bytes: 16 },
];

const compressions: Readonly<Record<number, 'none' | 'zstd'>> = { 0: 'none', 2: 'zstd' };

export interface ZchunkChunk {
  /** Byte offset in the expanded file. */
  readonly at: number;
  readonly length: number;
  /** Byte offset in the zchunk file, and the bytes it takes there. */
  readonly from: number;
  readonly stored: number;
  /** Of the stored bytes. */
  readonly digest: Uint8Array;
}

export interface ZchunkHeader {
  readonly compression: 'none' | 'zstd';
  readonly checksum: Checksum;
  /** Without empty ones. */
  readonly chunks: readonly ZchunkChunk[];
  readonly size: number;
}

/** The digest of `parts`, cut as the checksum says. */
export function digestOf({ algorithm, bytes }: Checksum, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest().subarray(0, bytes);
}

/** Reads and verifies the header; ImageError if it is damaged, or asks for what is not read. */
export function readZchunkHeader(source: ByteSource): ZchunkHeader {
  const lead = new HeaderReader(source, Uint8Array.from(source.read(0, Math.min(source.size, 64))), MAGIC_BYTES);
  const checksum = checksums[lead.integer()];
  if (!checksum) throw lead.unsupported('checksum', 'its checksum is of an unknown kind');
  const bytes = lead.integer();
  const start = lead.position + checksum.bytes;
  if (bytes > MAX_HEADER) throw lead.tooMuch(`a header of ${bytes} bytes`, MAX_HEADER);
  const whole = Uint8Array.from(source.read(0, start + bytes));
  const stored = whole.subarray(lead.position, start);
  const computed = digestOf(checksum, whole.subarray(0, lead.position), whole.subarray(start));
  if (Buffer.compare(stored, computed) !== 0) throw lead.corrupt('the checksum of its header does not match');
  return readIndex(new HeaderReader(source, whole, start), checksum.bytes);
}

function readIndex(reader: HeaderReader, dataChecksumBytes: number): ZchunkHeader {
  // The digest of all data: those of the chunks cover the same bytes.
  reader.skip(dataChecksumBytes);
  const flags = reader.integer();
  if ((flags & ~KNOWN) !== 0) throw reader.unsupported('features', `its flags (${flags}) are not known`);
  if (flags & STREAMS) throw reader.unsupported('streams', 'it holds several streams');
  const compression = compressions[reader.integer()];
  if (!compression) throw reader.unsupported('compression', 'its compression is not known');
  if (flags & OPTIONAL_ELEMENTS) {
    for (let count = reader.integer(); count > 0; count--) {
      reader.integer();
      reader.skip(reader.integer());
    }
  }
  reader.integer();
  const checksum = checksums[reader.integer()];
  if (!checksum) throw reader.unsupported('checksum', 'the checksum of its chunks is of an unknown kind');
  const count = reader.integer();
  if (count > MAX_CHUNKS) throw reader.tooMuch(`an index of ${count} chunks`, MAX_CHUNKS);
  const chunks: ZchunkChunk[] = [];
  let at = 0;
  let from = reader.size;
  for (let index = 0; index < count; index++) {
    const digest = reader.take(checksum.bytes);
    if (flags & UNCOMPRESSED_CHECKSUMS) reader.skip(checksum.bytes);
    const stored = reader.integer();
    const length = reader.integer();
    if (index === 0) {
      if (stored > 0) throw reader.unsupported('dictionary', 'its chunks are compressed with a dictionary');
      continue;
    }
    if (length > MAX_CHUNK_BYTES) throw reader.tooMuch(`a chunk of ${length} bytes`, MAX_CHUNK_BYTES);
    if (length > 0) chunks.push({ at, length, from, stored, digest });
    at += length;
    from += stored;
  }
  return { compression, checksum, chunks, size: at };
}

class HeaderReader {
  readonly #source: ByteSource;
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(source: ByteSource, bytes: Uint8Array, at: number) {
    this.#source = source;
    this.#bytes = bytes;
    this.#at = at;
  }

  get position(): number {
    return this.#at;
  }

  get size(): number {
    return this.#bytes.length;
  }

  integer(): number {
    let value = 0;
    for (let count = 0; count < MAX_INTEGER_BYTES; count++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte & 0x80) return value;
    }
    throw this.corrupt('a number does not end');
  }

  take(length: number): Uint8Array {
    const start = this.#at;
    this.skip(length);
    return this.#bytes.subarray(start, this.#at);
  }

  skip(length: number): void {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw this.corrupt('its header ends before its index');
  }

  corrupt(what: string): ImageError {
    return new ImageError('corrupt', 'zchunk/bad-header', `the zchunk file is damaged: ${what}`, this.#details());
  }

  unsupported(code: string, what: string): ImageError {
    return new ImageError('unsupported', `zchunk/${code}`, `the zchunk file is not read: ${what}`, this.#details());
  }

  tooMuch(what: string, most: number): ImageError {
    return new ImageError('limit', 'zchunk/too-much', `${what}, at most ${most} are read`, this.#details());
  }

  #details(): { readonly location: { readonly source: string; readonly offset: number } } {
    return { location: { source: this.#source.label, offset: this.#at } };
  }
}
