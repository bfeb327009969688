/**
 * Starting the threads of decoders. A thread takes as long to start as an image takes to open, so `launch.ts` starts the one for a
 * compressed image before the program is loaded.
 */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { findWorker, startWorker } from '../worker-thread.ts';

/** A thread's own objects are few; its large arrays lie outside the heap. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

export interface StartedThread {
  readonly script: URL;
  readonly worker: Worker;
  /** Its first message, that it waits for a job. Rejected if it cannot be started. */
  readonly ready: Promise<unknown>;
}

let waiting: StartedThread | undefined;

/** A thread that waits for a job. It does not keep the process alive. */
export function startDecoderThread(script: URL): StartedThread {
  const worker = startWorker(script, { resourceLimits });
  const ready = once(worker, 'message');
  // Whoever takes the thread sees what is wrong with it; nobody may.
  ready.catch(() => {});
  worker.unref();
  return { script, worker, ready };
}

/** A thread for a stream; undefined where the build has put no worker (from source). */
export function startStreamThread(): StartedThread | undefined {
  const script = findWorker('stream-worker');
  return script && startDecoderThread(script);
}

/** Keeps a thread that was started already. One that nobody takes ends with the program. */
export function expectDecoderThread(thread: StartedThread): void {
  waiting = thread;
}

/** The thread that waits, if it is of this script, else a new one. */
export function takeDecoderThread(script: URL): StartedThread {
  if (waiting?.script.href !== script.href) return startDecoderThread(script);
  const thread = waiting;
  waiting = undefined;
  return thread;
}
