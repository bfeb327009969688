/** Worker threads: each has a script of its own beside the program. From source there is none, and work is done in turn. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

export type WorkerName = 'xz-block-worker' | 'judge-worker' | 'diff-side-worker' | 'nar-hash-worker';

/** The built script, undefined when running from source. */
export function findWorker(name: WorkerName): URL | undefined {
  const script = new URL(`./${name}.js`, import.meta.url);
  return existsSync(fileURLToPath(script)) ? script : undefined;
}

export function startWorker(script: URL, options: WorkerOptions = {}): Worker {
  return new Worker(script, options);
}
