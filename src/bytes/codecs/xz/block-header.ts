/** The header of an xz block (xz-file-format.txt 3.1): sizes, and the chain of filters. */
import { crc32 } from '../../checksums/crc32.ts';
import { parseDictionarySize } from '../lzma/lzma2.ts';
import type { StreamInput } from '../stream-input.ts';
import { createDelta } from './filters/delta.ts';
import { type Conversion, FilterStage } from './filters/filter.ts';
import { arm, arm64, armThumb, ia64, powerpc, sparc } from './filters/risc.ts';
import { createX86 } from './filters/x86.ts';
import { type Cursor, readVarint } from './varint.ts';

const LZMA2 = 0x21;
const DELTA = 3;
/** Dictionaries up to this size are given; `xz -9` needs 64 MiB. */
const MAX_DICTIONARY = 256 * 1024 * 1024;
const MIN_DICTIONARY = 4096;

/** By filter id: what `xz` calls it, the alignment of its start offset, and its conversion. */
const BRANCH_FILTERS: Readonly<Record<number, { name: string; alignment: number; create?: () => Conversion }>> = {
  4: { name: 'x86', alignment: 1, create: createX86 },
  5: { name: 'powerpc', alignment: 4, create: () => powerpc },
  6: { name: 'ia64', alignment: 16, create: () => ia64 },
  7: { name: 'arm', alignment: 4, create: () => arm },
  8: { name: 'armthumb', alignment: 2, create: () => armThumb },
  9: { name: 'sparc', alignment: 4, create: () => sparc },
  10: { name: 'arm64', alignment: 4, create: () => arm64 },
  11: { name: 'riscv', alignment: 2 },
};

export interface BlockHeader {
  /** Bytes of the header itself. */
  readonly length: number;
  readonly compressedSize: number | undefined;
  readonly uncompressedSize: number | undefined;
  readonly dictionarySize: number;
  /** In the order that decoding applies them, behind LZMA2. */
  readonly stages: readonly FilterStage[];
}

/** Reads the header at the input, whose first byte (its size) is not zero. */
export function readBlockHeader(input: StreamInput): BlockHeader {
  const start = input.position;
  const bad = (message: string) => input.error('corrupt', 'xz/bad-block-header', message, start);
  const length = ((input.peek(1)[0] as number) + 1) * 4;
  const bytes = input.take(length, 'an xz block header');
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(length - 4, true);
  const body = bytes.subarray(0, length - 4);
  if (crc32(body) !== stored) throw bad('the checksum of an xz block header does not match');
  const flags = body[1] as number;
  if (flags & 0x3c) throw input.error('unsupported', 'xz/flags', 'an xz block header has reserved flags', start);
  const cursor: Cursor = { bytes: body, at: 2, fail: bad };
  const compressedSize = flags & 0x40 ? readVarint(cursor) : undefined;
  const uncompressedSize = flags & 0x80 ? readVarint(cursor) : undefined;
  const stages: FilterStage[] = [];
  let dictionarySize = 0;
  for (let rest = flags & 3; rest >= 0; rest--) {
    const id = readVarint(cursor);
    const properties = takeProperties(cursor);
    if ((rest === 0) !== (id === LZMA2)) throw bad('the filters of an xz block do not end with LZMA2');
    if (id === LZMA2) dictionarySize = dictionaryOf(properties, input, start, bad);
    else stages.unshift(createStage(id, properties, input, start, bad));
  }
  if (body.subarray(cursor.at).some((byte) => byte !== 0)) throw bad('the padding of an xz block header is not zero');
  return { length, compressedSize, uncompressedSize, dictionarySize, stages };
}

function takeProperties(cursor: Cursor): Uint8Array {
  const size = readVarint(cursor);
  if (size > cursor.bytes.length - cursor.at) throw cursor.fail('a filter of an xz block is cut off');
  cursor.at += size;
  return cursor.bytes.subarray(cursor.at - size, cursor.at);
}

function dictionaryOf(properties: Uint8Array, input: StreamInput, at: number, bad: (message: string) => Error): number {
  const size = properties.length === 1 ? parseDictionarySize(properties[0] as number) : undefined;
  if (size === undefined) throw bad('the properties of LZMA2 in an xz block make no sense');
  if (size > MAX_DICTIONARY) {
    throw input.error(
      'limit',
      'xz/dictionary',
      `the xz block needs a dictionary of ${size} bytes, at most ${MAX_DICTIONARY} are given`,
      at,
    );
  }
  return Math.max(size, MIN_DICTIONARY);
}

function createStage(
  id: number,
  properties: Uint8Array,
  input: StreamInput,
  at: number,
  bad: (message: string) => Error,
): FilterStage {
  if (id === DELTA) {
    if (properties.length !== 1) throw bad('the properties of the delta filter make no sense');
    return new FilterStage(createDelta((properties[0] as number) + 1));
  }
  const filter = BRANCH_FILTERS[id];
  if (!filter?.create) {
    const name = filter?.name ?? `0x${id.toString(16)}`;
    throw input.error('unsupported', 'xz/filter', `an xz block uses the filter ${name}, which is not supported`, at);
  }
  let offset = 0;
  if (properties.length === 4) offset = new DataView(properties.buffer, properties.byteOffset).getUint32(0, true);
  else if (properties.length !== 0) throw bad(`the properties of the filter ${filter.name} make no sense`);
  if (offset % filter.alignment !== 0) throw bad(`the start offset of the filter ${filter.name} is not aligned`);
  return new FilterStage(filter.create(), offset);
}
