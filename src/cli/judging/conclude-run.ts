/** From the results of the images to the result of the run: baseline, findings about the exceptions, exit code. */
import { exitCodeOfRun, type ImageResult, type RunResult, type Strictness } from '../../checks/result.ts';
import type { Exceptions } from '../exceptions.ts';
import { version } from '../version.ts';

export function concludeRun(
  images: readonly ImageResult[],
  exceptions: Pick<Exceptions, 'conclude'> | undefined,
  { failOn, strict }: Strictness,
  { shard, clusters }: Pick<RunResult, 'shard' | 'clusters'> = {},
): RunResult {
  const concluded = exceptions?.conclude(images, clusters) ?? { images };
  const run = {
    ...concluded,
    strictness: { failOn, strict },
    ...(shard ? { shard } : {}),
    ...(clusters ? { clusters } : {}),
  };
  return { tool: { name: 'check-image', version }, ...run, exitCode: exitCodeOfRun(run) };
}
