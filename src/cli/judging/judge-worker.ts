/** The worker thread of `judge-all.ts`: judges the images it is sent by the plan it was started with. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ImageResult } from '../../checks/result.ts';
import { judgeImage } from './judge-image.ts';
import type { JudgePlan } from './judge-plan.ts';

/** Progress while an image is read, then its result. */
export type JudgeAnswer = { readonly done: number; readonly total: number } | { readonly result: ImageResult };

/** Milliseconds between two messages of progress. */
const interval = 100;
const port = parentPort;
const plan = workerData as JudgePlan;

function say(answer: JudgeAnswer): void {
  port?.postMessage(answer);
}

port?.on('message', async (path: string) => {
  let last = performance.now();
  const result = await judgeImage(path, plan, (done, total) => {
    const now = performance.now();
    if (now - last < interval) return;
    last = now;
    say({ done, total });
  });
  say({ result });
});
