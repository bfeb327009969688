/** One bzip2 block: its Huffman tables, its symbols, and the links of the inverse Burrows-Wheeler transform. */
import type { BitReader } from './bit-reader.ts';
import { HuffmanTable } from './huffman.ts';

const GROUP = 50;
/** More selectors than a block can have groups are stored by some encoders, and ignored. */
const MAX_SELECTORS = 18_002;
const RUN_A = 0;
const RUN_B = 1;

export interface Block {
  readonly length: number;
  /** Which rotation is the original. */
  readonly origin: number;
}

type Fail = (message: string) => Error;

/**
 * Reads a block behind its checksum. Leaves in `links`, by place in the transform: the byte there (low 8 bits) and the place
 * that follows it in the text.
 */
export function readBlock(bits: BitReader, links: Uint32Array, bad: Fail): Block {
  const origin = bits.read(24);
  const symbols = readSymbols(bits);
  if (symbols.length === 0) throw bad('a bzip2 block has no symbols');
  const tableCount = bits.read(3);
  if (tableCount < 2 || tableCount > 6) throw bad(`a bzip2 block has ${tableCount} tables`);
  const selectors = readSelectors(bits, tableCount, bad);
  const tables = Array.from({ length: tableCount }, () => readTable(bits, symbols.length + 2, bad));
  const length = readTransform(bits, { symbols, selectors, tables, links }, bad);
  if (origin >= length) throw bad('a bzip2 block begins outside itself');
  linkPlaces(links, length);
  return { length, origin };
}

/** The bytes that occur, in order. */
function readSymbols(bits: BitReader): Uint8Array {
  const used = bits.read(16);
  const symbols: number[] = [];
  for (let row = 0; row < 16; row++) {
    if (!((used >> (15 - row)) & 1)) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) if ((columns >> (15 - column)) & 1) symbols.push(row * 16 + column);
  }
  return Uint8Array.from(symbols);
}

function readSelectors(bits: BitReader, tableCount: number, bad: Fail): Uint8Array {
  const count = bits.read(15);
  if (count === 0) throw bad('a bzip2 block has no selectors');
  const order = Uint8Array.from({ length: tableCount }, (_, i) => i);
  const selectors = new Uint8Array(Math.min(count, MAX_SELECTORS));
  for (let i = 0; i < count; i++) {
    let rank = 0;
    while (bits.read(1) === 1) {
      if (++rank >= tableCount) throw bad('a bzip2 selector is out of range');
    }
    if (i < MAX_SELECTORS) selectors[i] = moveToFront(order, rank);
  }
  return selectors;
}

function readTable(bits: BitReader, size: number, bad: Fail): HuffmanTable {
  const lengths = new Uint8Array(size);
  let length = bits.read(5);
  for (let symbol = 0; symbol < size; symbol++) {
    for (;;) {
      if (length < 1 || length > 20) throw bad('a bzip2 code length is out of range');
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return new HuffmanTable(lengths);
}

interface Coding {
  readonly symbols: Uint8Array;
  readonly selectors: Uint8Array;
  readonly tables: readonly HuffmanTable[];
  readonly links: Uint32Array;
}

/** Decodes the symbols into the low bytes of `links`; returns how many bytes there are. */
function readTransform(bits: BitReader, { symbols, selectors, tables, links }: Coding, bad: Fail): number {
  const order = symbols.slice();
  const end = symbols.length + 1;
  let length = 0;
  /** Runs of the front byte are numbers in base two with the digits 1 (A) and 2 (B), least significant first. */
  let run = 0;
  let digit = 1;
  for (let group = 0; ; group++) {
    const selector = selectors[group];
    const table = selector === undefined ? undefined : tables[selector];
    if (!table) throw bad('a bzip2 block has too few selectors');
    for (let i = 0; i < GROUP; i++) {
      const symbol = table.read(bits);
      if (symbol < 0) throw bad('a bzip2 code is unknown');
      if (symbol === RUN_A || symbol === RUN_B) {
        run += symbol === RUN_A ? digit : 2 * digit;
        digit *= 2;
        if (run > links.length) throw bad('a bzip2 block is too long');
        continue;
      }
      if (run > 0) {
        if (run > links.length - length) throw bad('a bzip2 block is too long');
        links.fill(order[0] as number, length, length + run);
        length += run;
        run = 0;
        digit = 1;
      }
      if (symbol === end) return length;
      if (length === links.length) throw bad('a bzip2 block is too long');
      links[length++] = moveToFront(order, symbol - 1);
    }
  }
}

function moveToFront(order: Uint8Array, rank: number): number {
  const value = order[rank] as number;
  order.copyWithin(1, 0, rank);
  order[0] = value;
  return value;
}

function linkPlaces(links: Uint32Array, length: number): void {
  const next = new Uint32Array(256);
  for (let i = 0; i < length; i++) {
    const byte = (links[i] as number) & 0xff;
    next[byte] = (next[byte] as number) + 1;
  }
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = next[byte] as number;
    next[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    const byte = (links[i] as number) & 0xff;
    const place = next[byte] as number;
    next[byte] = place + 1;
    links[place] = (links[place] as number) | (i << 8);
  }
}
