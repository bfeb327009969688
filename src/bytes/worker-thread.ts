/**
 * Worker threads: a small one has a script of its own beside the program, one that does what the program does is the program itself,
 * and its name the argument. In the program of one file all are that file. From source there is none, and work is done in turn.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Put in by the build of the program of one file. */
declare const CHECK_IMAGE_ONE_FILE: boolean | undefined;

export type WorkerName =
  | 'stream-worker'
  | 'xz-block-worker'
  | 'zstd-checksum-worker'
  | 'judge-worker'
  | 'diff-side-worker'
  | 'nar-hash-worker';

/** These take nearly all of the program: src/cli/launch-worker.ts. */
const wholePrograms: ReadonlySet<WorkerName> = new Set<WorkerName>(['judge-worker', 'diff-side-worker']);

/** The built script, undefined when running from source. */
export function findWorker(name: WorkerName): URL | undefined {
  if (typeof CHECK_IMAGE_ONE_FILE !== 'undefined') return new URL(`#${name}`, import.meta.url);
  const script = new URL(wholePrograms.has(name) ? `./worker.cjs#${name}` : `./${name}.cjs`, import.meta.url);
  return existsSync(fileURLToPath(script)) ? script : undefined;
}

/** `script` is what `findWorker` gave, or a script of a test. */
export function startWorker(script: URL, options: WorkerOptions = {}): Worker {
  const { hash } = script;
  return new Worker(script, hash === '' ? options : { ...options, argv: [hash.slice(1)] });
}
