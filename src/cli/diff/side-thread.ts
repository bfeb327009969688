/** The thread that reads the other side of a diff. `launch.ts` starts it before the program is loaded: both load it at the same time. */
import type { Worker } from 'node:worker_threads';
import { findWorker, startWorker } from '../../bytes/worker-thread.ts';

/** What is young dies soon: a small nursery keeps the memory of two images together bounded. */
const limits = { maxYoungGenerationSizeMb: 16 };

let waiting: Worker | undefined;

/** Undefined where the build has put no worker (from source). */
export function startSideThread(): Worker | undefined {
  const script = findWorker('diff-side-worker');
  return script && startWorker(script, { resourceLimits: limits });
}

/** Keeps a thread that was started already. One that nobody takes ends with the program. */
export function expectSideThread(thread: Worker): void {
  thread.unref();
  waiting = thread;
}

/** The thread that waits, else a new one; undefined where there can be none. */
export function takeSideThread(): Worker | undefined {
  const thread = waiting ?? startSideThread();
  waiting = undefined;
  thread?.ref();
  return thread;
}
