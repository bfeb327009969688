/**
 * Sparse members: GNU's old header ('S') with extension blocks, and the pax versions 0.0, 0.1 (map in the header) and 1.0
 * (map before the data) (GNU tar manual, appendix D "Sparse Formats"). A map that goes backwards, overlaps or leaves the
 * file is `corrupt`.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { raw } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { Extent } from '../extent-source.ts';
import { BLOCK, gnuSparse, parseNumber } from './header.ts';

const PAIR_BYTES = 24;
const HEADER_PAIRS = 4;
const EXTENSION_PAIRS = 21;
const EXTENSION_FLAG = 504;

/** Offset and length of each piece of data, in turn. */
type SparseMap = readonly number[];

export interface OldSparse {
  readonly map: SparseMap;
  readonly realSize: number;
  /** Bytes of extension blocks between the header and the data. */
  readonly extensionBytes: number;
}

/** The map of a header of type 'S' at `header`, with its extension blocks. */
export function readOldSparse(source: ByteSource, header: number, block: Uint8Array, limits: Limits): OldSparse {
  const map: number[] = [];
  const realSize = parseNumber(block, gnuSparse.realsize);
  collectPairs(block, gnuSparse.sp.offset, HEADER_PAIRS, map);
  let hasMore = block[gnuSparse.isextended.offset] !== 0;
  let extensionBytes = 0;
  while (hasMore) {
    extensionBytes += BLOCK;
    if (extensionBytes > limits.headerBytes) {
      throw limitExceeded('headerBytes', limits, 'a sparse map', { source: source.label, offset: header });
    }
    const extension = source.read(header + extensionBytes, BLOCK);
    collectPairs(extension, 0, EXTENSION_PAIRS, map);
    hasMore = extension[EXTENSION_FLAG] !== 0;
  }
  return { map, realSize, extensionBytes };
}

function collectPairs(block: Uint8Array, start: number, count: number, map: number[]): void {
  for (let index = 0; index < count; index++) {
    const at = start + index * PAIR_BYTES;
    if (block[at + PAIR_BYTES / 2] === 0) return;
    map.push(parseNumber(block, raw(at, 12)), parseNumber(block, raw(at + 12, 12)));
  }
}

/** The map of pax versions 0.0 and 0.1: numbers joined by commas. */
export function parseSparseMap(bytes: Uint8Array): SparseMap {
  return decodeBytes(bytes).split(',').map(parseCount);
}

/** The map of pax version 1.0: lines of decimal numbers at the start of the stored data, padded to a block. */
export function readSparseMap(data: ByteSource, limits: Limits): { readonly map: SparseMap; readonly bytes: number } {
  const numbers: number[] = [];
  let wanted = 1;
  let rest = '';
  let bytes = 0;
  while (numbers.length < wanted) {
    if (bytes >= limits.headerBytes) throw limitExceeded('headerBytes', limits, 'a sparse map', { source: data.label });
    const lines = (rest + decodeBytes(data.read(bytes, BLOCK))).split('\n');
    bytes += BLOCK;
    rest = lines.pop() ?? '';
    if (rest.length > 2 * BLOCK) throw badMap('is not a list of numbers');
    for (const line of lines) {
      if (numbers.length >= wanted) break;
      numbers.push(parseCount(line));
      if (numbers.length === 1) wanted = 1 + 2 * parseCount(line);
    }
  }
  return { map: numbers.slice(1), bytes };
}

/** Extents of a file of `realSize` bytes whose data lie at `from`, `stored` bytes in all. */
export function placeSparse(map: SparseMap, realSize: number, from: number, stored: number): Extent[] {
  if (map.length % 2 !== 0) throw badMap('has an odd count of numbers');
  const extents: Extent[] = [];
  let reached = 0;
  let used = 0;
  for (let index = 0; index < map.length; index += 2) {
    const at = map[index] ?? 0;
    const length = map[index + 1] ?? 0;
    if (at < reached || length < 0 || at + length > realSize) throw badMap('goes backwards or leaves the file');
    if (length > 0) extents.push({ at, length, from: from + used });
    reached = at + length;
    used += length;
  }
  if (used > stored) throw badMap(`needs ${used} bytes, but ${stored} are stored`);
  return extents;
}

function parseCount(text: string): number {
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) throw badMap('is not a list of numbers');
  return Number(text);
}

function badMap(what: string): ImageError {
  return new ImageError('corrupt', 'tar/bad-sparse-map', `the map of a sparse file ${what}`);
}
