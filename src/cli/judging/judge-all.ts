/**
 * Judges several images, one after the other or in worker threads. The results are the same and in the order of the images:
 * every image is judged by itself, by the same plan. In one thread one at a time is open, so that memory stays bounded.
 */
import type { Worker } from 'node:worker_threads';
import { findWorker, startWorker } from '../../bytes/worker-thread.ts';
import type { ImageResult } from '../../checks/result.ts';
import { baseName } from '../host-files.ts';
import { type StatusTerminal, shareOf, startProgress, startStatus } from '../progress.ts';
import { judgeImage } from './judge-image.ts';
import type { JudgePlan } from './judge-plan.ts';
import type { JudgeAnswer } from './judge-worker.ts';

/** `jobs` images at a time. */
export async function judgeAll(
  paths: readonly string[],
  plan: JudgePlan,
  jobs: number,
  terminal: StatusTerminal,
): Promise<readonly ImageResult[]> {
  const script = jobs > 1 && paths.length > 1 ? findWorker('judge-worker') : undefined;
  return script
    ? judgeInThreads(paths, plan, Math.min(jobs, paths.length), script, terminal)
    : judgeInTurn(paths, plan, terminal);
}

async function judgeInTurn(
  paths: readonly string[],
  plan: JudgePlan,
  terminal: StatusTerminal,
): Promise<readonly ImageResult[]> {
  const results: ImageResult[] = [];
  for (const [i, path] of paths.entries()) {
    const which = paths.length > 1 ? `${i + 1}/${paths.length} ` : '';
    const progress = startProgress(`${which}${baseName(path)}`, terminal);
    try {
      results.push(await judgeImage(path, plan, progress.report));
    } finally {
      progress.end();
    }
  }
  return results;
}

async function judgeInThreads(
  paths: readonly string[],
  plan: JudgePlan,
  threads: number,
  script: URL,
  terminal: StatusTerminal,
): Promise<readonly ImageResult[]> {
  const results = new Map<number, ImageResult>();
  const status = startStatus(terminal);
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = startWorker(script, { workerData: plan });
    try {
      for (let i = next++; i < paths.length; i = next++) {
        const path = paths[i] as string;
        const show = (done: number, total: number): void =>
          status.show(() => `${results.size}/${paths.length} judged  ${baseName(path)} ${shareOf(done, total)}%`);
        results.set(i, await judgeOn(worker, path, show));
      }
    } finally {
      await worker.terminate();
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, work));
  } finally {
    status.end();
  }
  return paths.map((path, i) => {
    const result = results.get(i);
    if (!result) throw new Error(`${path} was not judged`);
    return result;
  });
}

/** What a thread throws is a bug, as it would be here. */
function judgeOn(worker: Worker, path: string, show: (done: number, total: number) => void): Promise<ImageResult> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: JudgeAnswer): void => {
      if ('result' in answer) settle(() => resolve(answer.result));
      else show(answer.done, answer.total);
    };
    const onError = (error: unknown): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(new Error('the thread that judges images ended')));
    const settle = (finish: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      finish();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(path);
  });
}
