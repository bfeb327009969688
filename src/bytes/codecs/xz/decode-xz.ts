/**
 * xz (xz-file-format.txt 1.2): streams in a row with zero padding between, each of blocks, an index and a footer. Everything the
 * format repeats is compared: sizes in header, data and index, flags in header and footer, every checksum.
 */
import type { CodecOptions } from '../codec.ts';
import { endStream } from '../expand.ts';
import { LzmaDecoder } from '../lzma/lzma-decoder.ts';
import { LzmaDictionary } from '../lzma/lzma-dictionary.ts';
import { decodeLzma2 } from '../lzma/lzma2.ts';
import type { StreamInput } from '../stream-input.ts';
import { readBlockHeader } from './block-header.ts';
import { createCheck } from './checks.ts';
import { filterChunks } from './filters/filter.ts';
import { atStreamHeader, IndexCheck, readIndex, readStreamFooter, readStreamHeader } from './stream-format.ts';

/** A Decoder for xz. */
export function* decodeXz(input: StreamInput, options: CodecOptions): Generator<Uint8Array> {
  const decoders = new DecoderKeeper();
  for (;;) {
    yield* decodeStream(input, decoders);
    const end = input.position;
    while (input.remaining >= 4 && input.peek(4).every((byte) => byte === 0)) input.skip(4, 'padding');
    if (atStreamHeader(input)) continue;
    if (input.remaining > 0) input.seek(end);
    endStream(input, options, 'xz');
    return;
  }
}

function* decodeStream(input: StreamInput, decoders: DecoderKeeper): Generator<Uint8Array> {
  const flags = readStreamHeader(input);
  const index = new IndexCheck();
  for (;;) {
    const [size] = input.peek(1);
    if (size === undefined) throw input.truncated('an xz stream');
    if (size === 0) break;
    yield* decodeBlock(input, flags & 15, index, decoders);
  }
  const indexSize = readIndex(input, index);
  readStreamFooter(input, flags, indexSize);
}

/** Decodes the block at the input with its check; tells `index` its sizes. `mostOutput` bounds the dictionary, not the output. */
export function* decodeBlock(
  input: StreamInput,
  checkId: number,
  index: IndexCheck,
  decoders: DecoderKeeper,
  mostOutput = Infinity,
): Generator<Uint8Array> {
  const start = input.position;
  const check = createCheck(checkId);
  if (!check) throw input.error('unsupported', 'xz/check', `the xz check ${checkId} is not supported`, start);
  const header = readBlockHeader(input);
  const dataStart = input.position;
  const bound = header.uncompressedSize ?? mostOutput;
  const decoder = decoders.get(Math.max(1, Math.min(header.dictionarySize, bound)));
  let produced = 0;
  for (const chunk of filterChunks(decodeLzma2(input, decoder), header.stages)) {
    check.update(chunk);
    produced += chunk.length;
    if (produced > (header.uncompressedSize ?? produced)) break;
    yield chunk;
  }
  const packed = input.position - dataStart;
  if (packed !== (header.compressedSize ?? packed) || produced !== (header.uncompressedSize ?? produced)) {
    throw input.error('corrupt', 'xz/bad-size', 'the sizes in an xz block header do not match its data', start);
  }
  const padding = input.take((4 - (packed % 4)) % 4, 'an xz block');
  if (padding.some((byte) => byte !== 0))
    throw input.error('corrupt', 'xz/bad-padding', 'the padding of an xz block is not zero');
  const digest = check.digest();
  const stored = input.take(digest.length, 'an xz block');
  if (digest.some((byte, i) => byte !== stored[i])) {
    throw input.error('corrupt', 'xz/bad-checksum', 'the checksum of an xz block does not match its data', start);
  }
  index.add(header.length + packed + digest.length, produced);
}

/** Blocks of one file have decoders of one size: the decoder and its memory are used again. */
export class DecoderKeeper {
  #last: LzmaDecoder | undefined;

  get(dictionarySize: number): LzmaDecoder {
    if (this.#last?.dictionary.size !== dictionarySize)
      this.#last = new LzmaDecoder(new LzmaDictionary(dictionarySize));
    return this.#last;
  }
}
