/** What runs in worker threads, by name. */
import type { WorkerName } from '../bytes/worker-thread.ts';

const workers: Readonly<Record<WorkerName, () => Promise<unknown>>> = {
  'diff-side-worker': () => import('./diff/side-worker.ts'),
  'judge-worker': () => import('./judging/judge-worker.ts'),
  'nar-hash-worker': () => import('../facts/nix-store/nar-hash-worker.ts'),
  'stream-worker': () => import('../bytes/beside/stream-worker.ts'),
  'xz-block-worker': () => import('../bytes/codecs/xz/block-worker.ts'),
  'zstd-checksum-worker': () => import('../bytes/codecs/zstd/checksum-worker.ts'),
};

export async function runWorker(name: WorkerName): Promise<void> {
  await workers[name]();
}
