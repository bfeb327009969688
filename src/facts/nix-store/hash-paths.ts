/**
 * Hashes of many store paths: this thread reads, worker threads digest. Each has two buffers, so that one is filled while the
 * other is digested; all of them take one path at a time.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { findWorker, startWorker } from '../../bytes/worker-thread.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { hashNar } from './nar-hash.ts';
import type { NarHashAnswer, NarHashData, NarHashJob } from './nar-hash-worker.ts';
import { streamNar } from './nar-stream.ts';

/** Hex, or why the path could not be read. */
export type PathHash = string | ImageError;

export interface HashOptions {
  /** The worker's script, where it is not beside the program. */
  readonly worker?: URL;
  /** Bytes of all paths together; fewer than `MIN_BYTES` are not worth a thread. */
  readonly bytes: number;
}

const BUFFER = 1 << 20;
const MIN_BYTES = 64 << 20;
const MAX_THREADS = 4;
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 };

/** By path; a path that is not there is left out. */
export async function hashPaths(
  view: RootView,
  paths: readonly string[],
  { worker, bytes }: HashOptions,
): Promise<ReadonlyMap<string, PathHash>> {
  const script = worker ?? (bytes < MIN_BYTES ? undefined : findWorker('nar-hash-worker'));
  const hashes = new Map<string, PathHash>();
  let next = 0;
  const work = async (digester: Digester | undefined): Promise<void> => {
    for (let i = next++; i < paths.length; i = next++) {
      const path = paths[i] as string;
      const hash = await hashPath(view, path, digester);
      if (hash !== undefined) hashes.set(path, hash);
    }
  };
  if (!script) await work(undefined);
  else {
    const threads = Math.min(MAX_THREADS, availableParallelism(), paths.length);
    await Promise.all(
      Array.from({ length: threads }, async () => {
        const digester = new Digester(script);
        try {
          await work(digester);
        } finally {
          await digester.close();
        }
      }),
    );
  }
  return hashes;
}

async function hashPath(view: RootView, path: string, digester: Digester | undefined): Promise<PathHash | undefined> {
  try {
    const found = view.find(path, 'parents');
    if (!found) return undefined;
    const { fileSystem, node } = found;
    if (!digester) return Buffer.from(hashNar(fileSystem, node, view.limits)).toString('hex');
    return await digester.digest(streamNar(fileSystem, node, view.limits));
  } catch (thrown) {
    return asImageError(thrown);
  }
}

/** One worker and the memory it shares. */
class Digester {
  readonly #worker: Worker;
  readonly #memory: readonly Uint8Array[];
  /** Answers nobody has waited for yet, and who waits for the next. */
  readonly #answers: NarHashAnswer[] = [];
  #waiting: { resolve(answer: NarHashAnswer): void; reject(error: unknown): void } | undefined;
  #failure: unknown;

  constructor(script: URL) {
    const buffers = [new SharedArrayBuffer(BUFFER), new SharedArrayBuffer(BUFFER)];
    this.#memory = buffers.map((buffer) => new Uint8Array(buffer));
    const workerData: NarHashData = { buffers };
    this.#worker = startWorker(script, { workerData, resourceLimits: WORKER_LIMITS });
    this.#worker.on('message', (answer: NarHashAnswer) => {
      if (this.#waiting) this.#waiting.resolve(answer);
      else this.#answers.push(answer);
      this.#waiting = undefined;
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the hash worker ended')));
  }

  /** SHA-256 of the stream, in hex; what the stream throws. */
  async digest(stream: Iterable<Uint8Array>): Promise<string> {
    let filled = 0;
    let current = 0;
    let pending = 0;
    const send = async (isLast: boolean): Promise<NarHashAnswer> => {
      this.#worker.postMessage({ buffer: current, length: filled, isLast } satisfies NarHashJob);
      pending++;
      current = 1 - current;
      filled = 0;
      let answer: NarHashAnswer = {};
      // The other buffer is free once its answer came; behind the last one nothing may be left.
      for (; pending > (isLast ? 0 : 1); pending--) answer = await this.#answer();
      return answer;
    };
    try {
      for (const bytes of stream)
        for (let at = 0; at < bytes.length; ) {
          const part = bytes.subarray(at, at + BUFFER - filled);
          this.#memory[current]?.set(part, filled);
          filled += part.length;
          at += part.length;
          if (filled === BUFFER) await send(false);
        }
    } catch (thrown) {
      filled = 0;
      await send(true);
      throw thrown;
    }
    return (await send(true)).digest ?? '';
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #answer(): Promise<NarHashAnswer> {
    const answer = this.#answers.shift();
    if (answer) return Promise.resolve(answer);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
