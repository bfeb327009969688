/**
 * bzip2 (no formal specification; the format as bzip2 1.0 writes it): streams in a row, each of blocks that hold a Burrows-Wheeler
 * transform, move-to-front and Huffman coded. CRCs of blocks and streams are verified. "Randomised" blocks of bzip2 0.9 are refused.
 */
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import type { StreamInput } from '../stream-input.ts';
import { BitReader } from './bit-reader.ts';
import { type Block, readBlock } from './block.ts';
import { updateCrc } from './crc.ts';

const OUTPUT = 256 * 1024;

/** A Decoder for bzip2. */
export function* decodeBzip2(input: StreamInput, options: CodecOptions): Generator<Uint8Array> {
  do yield* decodeStream(input);
  while (atStream(input));
  endStream(input, options, 'bzip2');
}

function atStream(input: StreamInput): boolean {
  const [b, z, h, level = 0] = input.peek(4);
  return b === 0x42 && z === 0x5a && h === 0x68 && level >= 0x31 && level <= 0x39;
}

function* decodeStream(input: StreamInput): Generator<Uint8Array> {
  const header = input.take(4, 'a bzip2 header');
  const capacity = ((header[3] as number) - 0x30) * 100_000;
  const links = new Uint32Array(capacity);
  const bits = new BitReader(input);
  const bad = (message: string) => input.error('corrupt', 'bzip2/bad-block', message);
  let streamCrc = 0;
  for (;;) {
    const high = bits.read(24);
    const low = bits.read(24);
    if (high === 0x177245 && low === 0x385090) break;
    if (high !== 0x314159 || low !== 0x265359) throw bad('a bzip2 block does not begin with its magic');
    const stored = (bits.read(16) << 16) | bits.read(16);
    if (bits.read(1) === 1) throw input.error('unsupported', 'bzip2/randomised', 'a bzip2 block is "randomised"');
    const block = readBlock(bits, links, bad);
    let crc = -1;
    for (const chunk of expandRuns(links, block, bad)) {
      crc = updateCrc(crc, chunk);
      yield chunk;
    }
    if (~crc !== stored) throw bad('the checksum of a bzip2 block does not match');
    streamCrc = ((streamCrc << 1) | (streamCrc >>> 31)) ^ stored;
  }
  if (((bits.read(16) << 16) | bits.read(16)) !== streamCrc) throw bad('the checksum of a bzip2 stream does not match');
  bits.finish();
}

/** Walks the inverse transform and undoes the first run-length coding: four equal bytes, then how many more there are. */
function* expandRuns(links: Uint32Array, block: Block, bad: (message: string) => Error): Generator<Uint8Array> {
  const output = new Uint8Array(OUTPUT + 256);
  let out = 0;
  let entry = links[block.origin] as number;
  let previous = -1;
  let run = 0;
  for (let rest = block.length; rest > 0; rest--) {
    entry = links[entry >>> 8] as number;
    const byte = entry & 0xff;
    if (run === 4) {
      output.fill(previous, out, out + byte);
      out += byte;
      run = 0;
      previous = -1;
    } else {
      run = byte === previous ? run + 1 : 1;
      previous = byte;
      output[out++] = byte;
    }
    if (out >= OUTPUT) {
      yield output.subarray(0, out);
      out = 0;
    }
  }
  if (run === 4) throw bad('a bzip2 block ends inside a run');
  yield output.subarray(0, out);
}
