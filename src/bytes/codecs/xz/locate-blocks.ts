/**
 * The blocks of an xz file from the indexes at the end of its streams (xz-file-format.txt 4), without reading what is between:
 * for decoding them in parallel. It answers only for files without any fault; the sequential decoder names the faults.
 */
import type { ByteSource } from '../../byte-source.ts';
import { crc32 } from '../../checksums/crc32.ts';
import { type Cursor, readVarint } from './varint.ts';

export interface BlockPlace {
  /** Of the block header in the file. */
  readonly offset: number;
  /** Header, data and check, without padding. */
  readonly unpaddedSize: number;
  /** Where the block's output begins, in that of the whole file. */
  readonly outputOffset: number;
  readonly outputSize: number;
  readonly checkId: number;
}

const HEADER = 12;
/** Indexes of more bytes are left to the sequential decoder, which does not hold them in memory. */
const MAX_INDEX = 4 * 1024 * 1024;
/** Smallest encodings: a block of an 8-byte header and 4 bytes, an index of two bytes. */
const MIN_UNPADDED = 9;

/** All blocks in the order of the file, or undefined if it is not made of faultless streams. */
export function locateBlocks(source: ByteSource): BlockPlace[] | undefined {
  const streams: BlockPlace[][] = [];
  for (let end = source.size; end > 0; ) {
    end = skipPadding(source, end);
    const stream = locateStream(source, end);
    if (!stream) return undefined;
    streams.push(stream.blocks);
    end = stream.start;
  }
  let outputOffset = 0;
  return streams.reverse().flatMap((blocks) =>
    blocks.map((block) => {
      const placed = { ...block, outputOffset };
      outputOffset += block.outputSize;
      return placed;
    }),
  );
}

function skipPadding(source: ByteSource, end: number): number {
  let at = end;
  while (at >= 4 && source.read(at - 4, 4).every((byte) => byte === 0)) at -= 4;
  return at;
}

function locateStream(source: ByteSource, end: number): { start: number; blocks: BlockPlace[] } | undefined {
  if (end < 2 * HEADER + 8 || end % 4 !== 0) return undefined;
  const footer = new Uint8Array(source.read(end - HEADER, HEADER));
  const [stored, backward] = [word(footer, 0), word(footer, 4)];
  if (footer[10] !== 0x59 || footer[11] !== 0x5a || crc32(footer.subarray(4, 10)) !== stored) return undefined;
  const indexSize = (backward + 1) * 4;
  if (indexSize > MAX_INDEX || indexSize > end - 2 * HEADER) return undefined;
  const indexStart = end - HEADER - indexSize;
  const index = new Uint8Array(source.read(indexStart, indexSize));
  const body = index.subarray(0, indexSize - 4);
  if (index[0] !== 0 || crc32(body) !== word(index, indexSize - 4)) return undefined;
  const records = parseRecords(body);
  if (!records) return undefined;
  const start = indexStart - records.reduce((sum, [unpadded]) => sum + Math.ceil(unpadded / 4) * 4, 0) - HEADER;
  if (start < 0) return undefined;
  let offset = start + HEADER;
  const blocks = records.map(([unpaddedSize, outputSize]) => {
    const place = { offset, unpaddedSize, outputOffset: 0, outputSize, checkId: footer[9] as number };
    offset += Math.ceil(unpaddedSize / 4) * 4;
    return place;
  });
  const header = source.read(start, HEADER);
  const sameFlags = header[6] === 0 && footer[8] === 0 && header[7] === footer[9];
  const good = sameFlags && header[0] === 0xfd && crc32(header.subarray(6, 8)) === word(header, 8);
  return good ? { start, blocks } : undefined;
}

/** Pairs of unpadded and uncompressed size, or undefined if the index is not exactly that. */
function parseRecords(body: Uint8Array): [number, number][] | undefined {
  const cursor: Cursor = { bytes: body, at: 1, fail: (message) => new RangeError(message) };
  try {
    const count = readVarint(cursor);
    const records: [number, number][] = [];
    for (let i = 0; i < count; i++) {
      const record: [number, number] = [readVarint(cursor), readVarint(cursor)];
      if (record[0] < MIN_UNPADDED) return undefined;
      records.push(record);
    }
    return body.subarray(cursor.at).some((byte) => byte !== 0) ? undefined : records;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}
