/** The gate's work: loads the contract, judges every image, writes the reports. */
import type { Contract } from '../../checks/contract.ts';
import { evaluate } from '../../checks/evaluate.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import { addLint } from '../../checks/lint/run-lint.ts';
import { type LintPlan, selectRules } from '../../checks/lint/select-rules.ts';
import {
  countResults,
  type ExitCode,
  exitCodeOf,
  failsRun,
  type ImageResult,
  worstExitCode,
} from '../../checks/result.ts';
import { readSettings } from '../../checks/settings.ts';
import { describeSystem } from '../../checks/subject.ts';
import { asImageError } from '../../errors.ts';
import { FactStore } from '../../facts/fact-store.ts';
import type { Limits } from '../../limits.ts';
import { openImage } from '../../root/open-image.ts';
import { type Selection, selectChecks } from '../check-selection.ts';
import { contractFiles } from '../contract-files.ts';
import { describeBoot, describeLayers, describePartitions } from '../describe-layers.ts';
import { type Exceptions, readExceptions } from '../exceptions.ts';
import { baseName } from '../host-files.ts';
import { readLimits } from '../limit-options.ts';
import { readLintRequest } from '../lint-options.ts';
import { startProgress } from '../progress.ts';
import { readOutputs, writeReports } from '../report-outputs.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import type { JudgeOptions } from './judge.ts';
import { readSystemRequest } from './system-options.ts';

interface JudgePlan {
  readonly contract: Contract;
  readonly set: ReadonlyMap<string, string>;
  readonly selection: Selection;
  readonly limits: Limits;
  readonly options: JudgeOptions;
  readonly exceptions: Exceptions | undefined;
  readonly lint: LintPlan | undefined;
}

export async function judgeImages(
  images: readonly string[],
  options: JudgeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const start = performance.now();
  if (images.length === 0) throw new UsageError('no image given', 'try check-image --help');
  const outputs = readOutputs(options.format, options.output);
  const limits = readLimits(options.limit);
  const contract = await loadContract(options.contract, contractFiles);
  const set = readSettings(contract, options.set);
  if (!(set instanceof Map))
    throw new UsageError((set as { message: string }).message, (set as { hint?: string }).hint);
  const request = readLintRequest(options);
  const namesLint = [...options.only, ...options.skip].some((pattern) => pattern.includes('/'));
  const lintRules = request || namesLint ? (await import('../../checks/lint/registry.ts')).lintRules : [];
  const selection = selectChecks(contract, lintRules, options.only, options.skip);
  const lint = request && selectRules(lintRules, request, selection);
  const exceptions = await readExceptions(options);
  const plan = { contract, set, selection, limits, options, exceptions, lint };
  const results: ImageResult[] = [];
  for (const image of images) results.push(await judgeImage(image, plan, terminal));
  const { images: concluded, upkeep } = exceptions?.conclude(results) ?? { images: results };
  const codes = concluded.map((result) => exitCodeOf(result, options));
  const exitCode = worstExitCode(upkeep && failsRun(upkeep, options) ? [...codes, 1] : codes);
  const run = { tool: { name: 'check-image', version }, images: concluded, exitCode, ...(upkeep ? { upkeep } : {}) };
  const { verbose, quiet = false } = options;
  const seconds = (performance.now() - start) / 1000;
  await writeReports(run, outputs, { seconds, verbose, quiet }, terminal);
  return exitCode;
}

/** An image that cannot be opened is a result too: its siblings are still judged. */
async function judgeImage(
  path: string,
  { contract, set, selection, limits, options, exceptions, lint }: JudgePlan,
  terminal: Terminal,
): Promise<ImageResult> {
  const { slot, root, platform } = options;
  const { status: _, ...silent } = terminal;
  const progress = startProgress(baseName(path), options.progress === false ? silent : terminal);
  try {
    const image = await openImage(path, {
      limits,
      onProgress: progress.report,
      ...readSystemRequest(options),
      ...(slot === undefined ? {} : { slot }),
      ...(platform === undefined ? {} : { platform }),
      ...(root === undefined ? {} : { root }),
    });
    try {
      const facts = new FactStore(image.view, image.facts);
      const judged = await evaluate(contract, facts, { set, ...selection });
      const all = lint && lint.rules.length > 0 ? await addLint(judged, lint, facts, selection) : judged;
      const judgement = exceptions ? await exceptions.waive(all, image, facts) : all;
      const subject = {
        label: image.label,
        layers: describeLayers(image),
        system: await describeSystem(facts),
        partitions: describePartitions(image),
        boot: describeBoot(image),
      };
      const counts = countResults(judgement.results);
      return { state: 'judged', subject, judgement, counts, diagnostics: [...image.diagnostics] };
    } finally {
      image.close();
    }
  } catch (thrown) {
    const { code, message, location, remedy } = asImageError(thrown);
    const error = { code, message, ...(location ? { location } : {}), ...(remedy === undefined ? {} : { remedy }) };
    return { state: 'unreadable', subject: { label: baseName(path), layers: [], system: [] }, error };
  } finally {
    progress.end();
  }
}
