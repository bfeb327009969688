/** Judging as one call: images and a contract in, the result of the run out. */
import type { Contract } from '../../checks/contract.ts';
import type { RunResult, Strictness } from '../../checks/result.ts';
import { defaultLimits, type Limits } from '../../limits.ts';
import { concludeRun } from './conclude-run.ts';
import { judgeAll } from './judge-all.ts';
import type { JudgePlan } from './judge-plan.ts';
import { isAboutNodes, judgeTogether, readClusterMode } from './judge-together.ts';
import { selectFrom } from './select-from.ts';

export interface JudgeRunOptions
  extends Partial<Pick<JudgePlan, 'set' | 'only' | 'skip' | 'lint'>>,
    Partial<Omit<JudgePlan['open'], 'limits'>>,
    Partial<Strictness> {
  readonly limits?: Limits;
  /** Whether all images are nodes of one cluster, or none is; those that belong together are compared unless given. */
  readonly cluster?: boolean;
  /** Images at a time, 1 unless given. */
  readonly jobs?: number;
}

/** `images` are host paths. An image that cannot be opened is a result, not an error. */
export async function judge(
  images: readonly string[],
  contract: Contract,
  options: JudgeRunOptions = {},
): Promise<RunResult> {
  const {
    set = new Map(),
    only = [],
    skip = [],
    lint,
    jobs = 1,
    failOn = 'must',
    strict = false,
    cluster,
    ...rest
  } = options;
  const open = { limits: defaultLimits, ...rest };
  const today = new Date().toISOString().slice(0, 10);
  const mode = readClusterMode(cluster);
  const describesNode = mode !== 'none' && images.length > 1 && isAboutNodes(contract);
  const plan = { contract, set, only, skip, lint, open, describesNode, waivers: [], today };
  const results = await judgeAll(images, plan, jobs, {});
  const { selection } = await selectFrom(plan);
  const clusters = await judgeTogether(results, { mode, selection, today });
  return concludeRun(results, undefined, { failOn, strict }, clusters ? { clusters } : {});
}
