/** From the results of the images to the result of the run: baseline, findings about the exceptions, exit code. */
import { exitCodeOfRun, type ImageResult, type RunResult, type Shard, type Strictness } from '../../checks/result.ts';
import type { Exceptions } from '../exceptions.ts';
import { version } from '../version.ts';

export function concludeRun(
  images: readonly ImageResult[],
  exceptions: Pick<Exceptions, 'conclude'> | undefined,
  { failOn, strict }: Strictness,
  shard?: Shard,
): RunResult {
  const concluded = exceptions?.conclude(images) ?? { images };
  const run = { ...concluded, strictness: { failOn, strict }, ...(shard ? { shard } : {}) };
  return { tool: { name: 'check-image', version }, ...run, exitCode: exitCodeOfRun(run) };
}
