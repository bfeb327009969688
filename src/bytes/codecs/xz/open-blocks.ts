/**
 * An xz file beside its decoders. Blocks (`xz -T`) have checks of their own and are decoded when they are read; a single one is
 * decoded front to back. The structure around the blocks has been verified then: a file that is cut off is not opened here.
 */
import { availableParallelism } from 'node:os';
import { openBeside } from '../../beside/beside-source.ts';
import { openStreamBeside } from '../../beside/open-stream.ts';
import { piecesOfBlocks } from '../../beside/pieces.ts';
import type { ByteSource } from '../../byte-source.ts';
import type { CodecOptions, ExpandedSource } from '../codec.ts';
import { StreamInput } from '../stream-input.ts';
import { readBlockHeader } from './block-header.ts';
import { type BlockPlace, locateBlocks } from './locate-blocks.ts';

const MiB = 1024 * 1024;
/** The dictionaries of all threads together. */
const MAX_MEMORY = 128 * MiB;
const MAX_THREADS = 4;
/** Every thread holds the places of all blocks. */
const MAX_BLOCKS = 64 * 1024;

/** Undefined if the file is one for the sequential decoder, which also names its faults. */
export async function openXzBeside(source: ByteSource, options: CodecOptions): Promise<ExpandedSource | undefined> {
  const places = locateBlocks(source);
  const [first, last] = [places?.[0], places?.at(-1)];
  if (!places || !first || !last) return undefined;
  const size = last.outputOffset + last.outputSize;
  const threads = countThreads(source, places, first);
  if (places.length === 1 || places.length > MAX_BLOCKS || threads === 0)
    return openStreamBeside(source, options, { codec: 'xz', size });
  return openBeside(source, options, {
    decoders: Array.from({ length: threads }, () => ({ worker: 'xz-block-worker', task: places })),
    ...{ size, pieces: piecesOfBlocks(places.map(({ outputOffset }) => outputOffset)), needsEnd: false },
  });
}

/** As many as there are processors and blocks for, and as fit into memory. */
function countThreads(source: ByteSource, places: readonly BlockPlace[], first: BlockPlace): number {
  const { dictionarySize } = readBlockHeader(new StreamInput(source.slice(first.offset, first.unpaddedSize)));
  const output = places.reduce((most, place) => Math.max(most, place.outputSize), 0);
  const memory = Math.max(1, Math.min(dictionarySize, output));
  return Math.min(availableParallelism(), MAX_THREADS, places.length, Math.floor(MAX_MEMORY / memory));
}
