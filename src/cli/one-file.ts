#!/usr/bin/env node
/** The program as one file (`npm run bundle`): a worker thread is started with the same file, and told which it is. */
import { isMainThread } from 'node:worker_threads';
import type { WorkerName } from '../bytes/worker-thread.ts';
import { main, runWorker } from './main.ts';

if (isMainThread) process.exitCode = await main();
else await runWorker(process.argv[2] as WorkerName);
