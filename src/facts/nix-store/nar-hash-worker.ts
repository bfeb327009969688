/** The worker thread of `hash-paths.ts`: digests what it finds in shared memory, one path after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { Sha256 } from '../../bytes/checksums/sha256.ts';

/** Memory of two buffers, shared with the thread that fills them. */
export interface NarHashData {
  readonly buffers: readonly SharedArrayBuffer[];
}

/** A buffer was filled; `isLast` ends a path. With `length` 0 and `isLast` what came before is given up. */
export interface NarHashJob {
  readonly buffer: number;
  readonly length: number;
  readonly isLast: boolean;
}

/** The buffer may be filled again; behind the last one of a path comes its digest, in hex. */
export interface NarHashAnswer {
  readonly digest?: string;
}

const { buffers } = workerData as NarHashData;
const memory = buffers.map((buffer) => new Uint8Array(buffer));
let hash = new Sha256();

parentPort?.on('message', ({ buffer, length, isLast }: NarHashJob) => {
  hash.update((memory[buffer] as Uint8Array).subarray(0, length));
  if (!isLast) {
    parentPort?.postMessage({} satisfies NarHashAnswer);
    return;
  }
  const digest = Buffer.from(hash.digest()).toString('hex');
  hash = new Sha256();
  parentPort?.postMessage({ digest } satisfies NarHashAnswer);
});
