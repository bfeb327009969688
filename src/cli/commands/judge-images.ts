/** The gate's work: loads the contract, judges every image, writes the reports. */
import { loadContract } from '../../checks/language/load-contract.ts';
import type { ExitCode } from '../../checks/result.ts';
import { contractFiles } from '../contract-files.ts';
import { readExceptions } from '../exceptions.ts';
import { interruptible } from '../interruption.ts';
import { concludeRun } from '../judging/conclude-run.ts';
import { judgeAll } from '../judging/judge-all.ts';
import type { JudgePlan } from '../judging/judge-plan.ts';
import { isAboutNodes, judgeTogether, readClusterMode } from '../judging/judge-together.ts';
import { selectFrom } from '../judging/select-from.ts';
import { readJobs, readShard, takeShard } from '../judging/spread.ts';
import { readLimits } from '../limit-options.ts';
import { readLintRequest } from '../lint-options.ts';
import { readOutputs, writeReports } from '../report-outputs.ts';
import { requireSettings } from '../require-settings.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { JudgeOptions } from './judge.ts';
import { readSystemRequest } from './system-options.ts';

export async function judgeImages(
  images: readonly string[],
  options: JudgeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const start = process.uptime();
  if (images.length === 0) throw new UsageError('no image given', 'try check-image --help');
  const outputs = readOutputs(options);
  const jobs = readJobs(options.jobs ?? '1');
  const shard = options.shard === undefined ? undefined : readShard(options.shard, images.length);
  if (shard && options.updateBaseline)
    throw new UsageError('--update-baseline needs the results of all images', 'give it to check-image merge');
  const today = new Date().toISOString().slice(0, 10);
  const exceptions = await readExceptions(options, today);
  const mode = readClusterMode(options.cluster);
  const judged = await readPlan(options);
  // A JSON report notes it for the images it may be merged with.
  const isCompared = images.length > 1 || outputs.some(({ format }) => format === 'json');
  const describesNode = mode !== 'none' && isCompared && isAboutNodes(judged.contract);
  const plan = { ...judged, describesNode, waivers: exceptions?.waivers ?? [], today };
  const shown = options.progress === false ? {} : terminal;
  const results = await judgeAll(shard ? takeShard(images, shard) : images, plan, jobs, shown);
  const { selection } = await selectFrom(plan);
  const clusters = shard ? undefined : await judgeTogether(results, { ...plan, mode, selection });
  const across = { ...(shard ? { shard } : {}), ...(clusters ? { clusters } : {}) };
  const { verbose, quiet = false, explain = false } = options;
  // What is written from here on is written whole.
  const run = await interruptible(async () => {
    const concluded = concludeRun(results, exceptions, options, across);
    const seconds = process.uptime() - start;
    await writeReports(concluded, outputs, { seconds, verbose, quiet, explain }, terminal);
    return concluded;
  });
  return run.exitCode;
}

/** Throws UsageError and ContractError. */
async function readPlan(options: JudgeOptions): Promise<Omit<JudgePlan, 'waivers' | 'today' | 'describesNode'>> {
  const { only, skip, slot, root, platform, backing, verify } = options;
  const limits = readLimits(options.limit);
  const contract = await loadContract(options.contract, contractFiles);
  const set = requireSettings(contract, options.set);
  const lint = await readLintRequest(options);
  await selectFrom({ contract, only, skip, lint });
  const open = {
    limits,
    ...readSystemRequest(options),
    ...(slot === undefined ? {} : { slot }),
    ...(platform === undefined ? {} : { platform }),
    ...(backing === undefined ? {} : { backing }),
    ...(root === undefined ? {} : { root }),
    ...(verify === undefined ? {} : { verify }),
  };
  return { contract, set, only, skip, lint, open };
}
