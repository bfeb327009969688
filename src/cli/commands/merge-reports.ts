/** The work of `merge`: reads the reports, joins them, and ends as one run over all their images would. */
import { JoinError, joinRuns, type NamedRun } from '../../checks/join-runs.ts';
import type { ExitCode, Strictness } from '../../checks/result.ts';
import { parseReport } from '../../report/parse-report.ts';
import { readExceptions } from '../exceptions.ts';
import { readHostText } from '../host-files.ts';
import { interruptible } from '../interruption.ts';
import { concludeRun } from '../judging/conclude-run.ts';
import { judgeTogether, readClusterMode } from '../judging/judge-together.ts';
import { readOutputs, writeReports } from '../report-outputs.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { MergeOptions } from './merge.ts';

export async function mergeReports(
  files: readonly string[],
  options: MergeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const start = process.uptime();
  const outputs = readOutputs(options);
  const today = new Date().toISOString().slice(0, 10);
  const exceptions = await readExceptions(options, today);
  const joined = join(files.map(readReport));
  const { tool, images, upkeep } = joined;
  // Without their files, what is wrong with the exceptions is what every part says.
  const conclude = upkeep ? { conclude: () => ({ images, upkeep }) } : undefined;
  const strictness = chooseStrictness(options, joined.strictness);
  const { verbose, quiet, explain } = options;
  return interruptible(async () => {
    const mode = readClusterMode(options.cluster);
    const waivers = exceptions?.waivers ?? [];
    const clusters = await judgeTogether(images, { mode, today, waivers });
    const across = clusters ? { clusters } : {};
    const run = { ...concludeRun(images, exceptions ?? conclude, strictness, across), tool };
    await writeReports(run, outputs, { seconds: process.uptime() - start, verbose, quiet, explain }, terminal);
    return run.exitCode;
  });
}

function readReport(file: string): NamedRun {
  const read = readHostText(file, maxReportBytes);
  if ('problem' in read) throw new UsageError(`the report ${file} cannot be read: ${read.problem}`);
  return { name: file, run: parseReport(read.text, file) };
}

/** A thousand images are some hundred of them. */
const maxReportBytes = 400 * 1024 * 1024;

function join(runs: readonly NamedRun[]): ReturnType<typeof joinRuns> {
  try {
    return joinRuns(runs);
  } catch (error) {
    if (error instanceof JoinError) throw new UsageError(error.message);
    throw error;
  }
}

function chooseStrictness({ failOn, strict }: MergeOptions, joined: Strictness | undefined): Strictness {
  if (!joined && failOn === undefined)
    throw new UsageError('the reports do not agree on what fails a run', 'say it with --fail-on');
  return { failOn: failOn ?? joined?.failOn ?? 'must', strict: strict ?? joined?.strict ?? false };
}
