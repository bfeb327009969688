/** `--format` and `--output` of a diff: which reports are made and where they go. */
import type { DiffResult } from '../../diff/diff-result.ts';
import { diffReporters } from '../../report/diff/registry.ts';
import { replaceHostFile } from '../host-files.ts';
import { type Output, type OutputWords, parseOutputs } from '../report-outputs.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Throws UsageError. */
export function readDiffOutputs(words: OutputWords): readonly Output[] {
  return parseOutputs(words, Object.keys(diffReporters));
}

/** Files first, so that they are there when the terminal says how it ended. Throws UsageError if one cannot be written. */
export async function writeDiffReports(
  result: DiffResult,
  outputs: readonly Output[],
  { all }: { readonly all: boolean },
  { out, color, columns }: Terminal,
): Promise<void> {
  for (const { format, file } of outputs.toReversed()) {
    const reporter = await diffReporters[format]?.load();
    if (!reporter) throw new Error(`no reporter ${format}`);
    if (file === undefined) {
      out(reporter.render(result, { color, all, ...(columns === undefined ? {} : { width: columns }) }));
      continue;
    }
    const problem = replaceHostFile(file, reporter.render(result, { color: false, all }));
    if (problem !== undefined) throw new UsageError(`the report ${file} cannot be written: ${problem}`);
  }
}
