/**
 * xz files of several blocks (`xz -T`), decoded by worker threads block by block into one sparse temporary file. Only where it
 * pays and memory stays bounded: blocks of moderate size; everything else is the sequential decoder's.
 */
import { closeSync, ftruncateSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { ImageError } from '../../../errors.ts';
import { limitExceeded } from '../../../limits.ts';
import type { ByteSource } from '../../byte-source.ts';
import { FileSource } from '../../file-source.ts';
import { openUnnamedFile, temporaryFileError } from '../../sparse-file.ts';
import { findWorker, startWorker } from '../../worker-thread.ts';
import type { CodecOptions } from '../codec.ts';
import { StreamInput } from '../stream-input.ts';
import { readBlockHeader } from './block-header.ts';
import type { BlockAnswer, BlockJob } from './block-worker.ts';
import { type BlockPlace, locateBlocks } from './locate-blocks.ts';

const MiB = 1024 * 1024;
/** Starting threads and warming up their code costs about as much as this many bytes of output. */
const MIN_OUTPUT = 32 * MiB;
/** All threads together: each holds a packed block and a dictionary. */
const MAX_MEMORY = 128 * MiB;
const MAX_THREADS = 4;
const PIECE = 256 * 1024;

/** A worker's own objects are few; its large arrays lie outside the heap. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

export interface ParallelOptions extends CodecOptions {
  /** The worker's script, where it is not beside this one. */
  readonly worker?: URL;
  /** Outputs of fewer bytes are not worth the threads. */
  readonly minOutput?: number;
}

/** The expanded source, or undefined if this file is one for the sequential decoder. */
export async function openParallel(source: ByteSource, options: ParallelOptions): Promise<ByteSource | undefined> {
  const script = options.worker ?? findWorker('xz-block-worker');
  if (!script) return undefined;
  const places = locateBlocks(source);
  const last = places?.at(-1);
  if (!places || !last || last.outputOffset + last.outputSize < (options.minOutput ?? MIN_OUTPUT)) return undefined;
  const threads = countThreads(source, places);
  if (threads < 2) return undefined;
  const { limits } = options;
  const size = last.outputOffset + last.outputSize;
  if (size > limits.spoolBytes) {
    throw limitExceeded('spoolBytes', limits, `${source.label} expands to ${size} bytes`, { source: source.label });
  }
  const fd = openUnnamedFile();
  try {
    await decodeAll(source, places, { ...options, fd, script, threads });
    truncate(fd, size);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return new FileSource(fd, size, source.label, limits.cacheBytes);
}

/** As many as there are processors and blocks for, and as fit into memory. */
function countThreads(source: ByteSource, places: readonly BlockPlace[]): number {
  const [first] = places;
  if (!first || places.length < 2) return 1;
  const header = readBlockHeader(new StreamInput(source.slice(first.offset, first.unpaddedSize)));
  const packed = places.reduce((most, place) => Math.max(most, place.unpaddedSize), 0);
  const output = places.reduce((most, place) => Math.max(most, place.outputSize), 0);
  const memory = packed + Math.min(header.dictionarySize, output);
  return Math.min(availableParallelism(), MAX_THREADS, places.length, Math.floor(MAX_MEMORY / memory));
}

interface Run extends CodecOptions {
  readonly fd: number;
  readonly script: URL;
  readonly threads: number;
}

/** Every thread takes the next block until there is none, or one has failed: then the failure nearest to the start is thrown. */
async function decodeAll(source: ByteSource, places: readonly BlockPlace[], run: Run): Promise<void> {
  let next = 0;
  let failedAt = Infinity;
  let failure: unknown;
  const mostPacked = places.reduce((most, place) => Math.max(most, paddedSize(place)), 0);
  const work = async (): Promise<void> => {
    const worker = startWorker(run.script, { resourceLimits: WORKER_LIMITS });
    // Shared and used for every block: copies would wait for two garbage collectors.
    const memory = new Uint8Array(new SharedArrayBuffer(mostPacked));
    try {
      for (let i = next++; i < places.length && failure === undefined; i = next++) {
        const place = places[i] as BlockPlace;
        run.onProgress?.(place.offset, source.size);
        try {
          const packed = readPacked(source, place, memory);
          await decodeOn(worker, packed, { place, fd: run.fd, label: source.label });
        } catch (error) {
          if (i < failedAt) {
            failedAt = i;
            failure = error;
          }
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: run.threads }, work));
  if (failure !== undefined) throw failure;
}

function paddedSize(place: BlockPlace): number {
  return Math.ceil(place.unpaddedSize / 4) * 4;
}

/** Reads a block into `memory`, piece by piece; returns the part that it takes. */
function readPacked(source: ByteSource, place: BlockPlace, memory: Uint8Array): Uint8Array {
  const length = paddedSize(place);
  for (let at = 0; at < length; at += PIECE) {
    memory.set(source.read(place.offset + at, Math.min(PIECE, length - at)), at);
  }
  return memory.subarray(0, length);
}

function decodeOn(worker: Worker, packed: Uint8Array, job: Omit<BlockJob, 'bytes'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: BlockAnswer): void =>
      settle(() => (answer.error ? reject(placedError(answer.error, job.place)) : resolve()));
    const onError = (error: unknown): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(new Error('the xz worker ended')));
    const settle = (finish: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      finish();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage({ ...job, bytes: packed } satisfies BlockJob);
  });
}

/** The worker knows places inside its block only. */
function placedError(error: NonNullable<BlockAnswer['error']>, place: BlockPlace): ImageError {
  const { kind, code, message, location, remedy } = error;
  const offset = location?.offset;
  return new ImageError(kind, code, message, {
    ...(location && { location: { ...location, ...(offset !== undefined && { offset: place.offset + offset }) } }),
    ...(remedy !== undefined && { remedy }),
  });
}

function truncate(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch (error) {
    throw temporaryFileError(error);
  }
}
