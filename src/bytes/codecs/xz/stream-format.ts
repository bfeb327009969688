/** What surrounds the blocks of an xz stream: header, index and footer (xz-file-format.txt 2.1 and 4). */
import { crc32 } from '../../checksums/crc32.ts';
import type { StreamInput } from '../stream-input.ts';
import { encodeVarint, readVarint } from './varint.ts';

export const XZ_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
const HEADER = 12;

export function atStreamHeader(input: StreamInput): boolean {
  const bytes = input.peek(XZ_MAGIC.length);
  return bytes.length === XZ_MAGIC.length && XZ_MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Reads a stream header and returns its flags: the id of the check. */
export function readStreamHeader(input: StreamInput): number {
  const start = input.position;
  if (!atStreamHeader(input))
    throw input.error('corrupt', 'xz/bad-header', 'an xz stream does not begin with its magic');
  const bytes = input.take(HEADER, 'an xz stream header');
  if (crc32(bytes.subarray(6, 8)) !== u32(bytes, 8)) {
    throw input.error('corrupt', 'xz/bad-header', 'the checksum of an xz stream header does not match', start);
  }
  return parseFlags(bytes.subarray(6, 8), input, start);
}

/** Reads the footer and holds it against the header's flags and the size of the index. */
export function readStreamFooter(input: StreamInput, flags: number, indexSize: number): void {
  const start = input.position;
  const bytes = input.take(HEADER, 'an xz stream footer');
  const bad = (message: string) => input.error('corrupt', 'xz/bad-footer', message, start);
  if (bytes[10] !== 0x59 || bytes[11] !== 0x5a) throw bad('an xz stream does not end with its magic');
  if (crc32(bytes.subarray(4, 10)) !== u32(bytes, 0)) throw bad('the checksum of an xz stream footer does not match');
  if (parseFlags(bytes.subarray(8, 10), input, start) !== flags) throw bad('xz stream header and footer differ');
  if ((u32(bytes, 4) + 1) * 4 !== indexSize) throw bad('an xz stream footer does not give the size of the index');
}

function parseFlags(bytes: Uint8Array, input: StreamInput, start: number): number {
  const [zero = 0, flags = 0] = bytes;
  if (zero !== 0 || flags > 15) {
    throw input.error('unsupported', 'xz/flags', 'the flags of an xz stream are from a newer format', start);
  }
  return flags;
}

/**
 * What the index of a stream must say, as far as its blocks are decoded: kept as the checksum of the encoded records, since a
 * hostile stream may have a block for every forty bytes.
 */
export class IndexCheck {
  count = 0;
  bytes = 0;
  crc = 0;

  add(unpaddedSize: number, uncompressedSize: number): void {
    this.count++;
    for (const value of [unpaddedSize, uncompressedSize]) {
      const encoded = encodeVarint(value);
      this.bytes += encoded.length;
      this.crc = crc32(encoded, this.crc);
    }
  }
}

/** Reads the index, holds it against the blocks and returns its size. */
export function readIndex(input: StreamInput, expected: IndexCheck): number {
  const start = input.position;
  const what = 'an xz index';
  const bad = (message: string) => input.error('corrupt', 'xz/bad-index', message, start);
  const head = input.peek(1 + 9);
  const cursor = { bytes: head, at: 1, fail: bad };
  if (readVarint(cursor) !== expected.count) throw bad('the xz index counts other blocks than there are');
  let crc = crc32(input.take(cursor.at, what));
  let records = 0;
  for (let rest = expected.bytes; rest > 0; ) {
    const part = input.some(rest);
    if (part.length === 0) throw input.truncated(what);
    crc = crc32(part, crc);
    records = crc32(part, records);
    rest -= part.length;
  }
  if (records !== expected.crc) throw bad('the xz index gives other sizes than the blocks have');
  const padding = input.take((4 - ((input.position - start) % 4)) % 4, what);
  if (padding.some((byte) => byte !== 0)) throw bad('the padding of an xz index is not zero');
  crc = crc32(padding, crc);
  if (input.u32le(what) !== crc) throw bad('the checksum of an xz index does not match');
  return input.position - start;
}

function u32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}
