#!/usr/bin/env node
/** The program as one file (`npm run bundle`): a worker thread is started with the same file, and told which it is. */
import { isMainThread } from 'node:worker_threads';
import type { WorkerName } from '../bytes/worker-thread.ts';
import { main } from './main.ts';

const workers: Readonly<Record<WorkerName, () => Promise<unknown>>> = {
  'diff-side-worker': () => import('./diff/side-worker.ts'),
  'judge-worker': () => import('./judging/judge-worker.ts'),
  'nar-hash-worker': () => import('../facts/nix-store/nar-hash-worker.ts'),
  'xz-block-worker': () => import('../bytes/codecs/xz/block-worker.ts'),
};

if (isMainThread) process.exitCode = await main();
else await workers[process.argv[2] as WorkerName]();
