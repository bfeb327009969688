/** `--format` and `--output`: which reports are made and where they go. */

import { hintFor } from '../checks/language/nearest-name.ts';
import type { RunResult } from '../checks/result.ts';
import { reporters } from '../report/registry.ts';
import { render } from '../report/render.ts';
import { replaceHostFile } from './host-files.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface Output {
  readonly format: string;
  /** Standard output unless given. */
  readonly file?: string;
}

/** Throws UsageError. */
export function readOutputs(format: string, outputs: readonly string[]): readonly Output[] {
  return parseOutputs(format, outputs, Object.keys(reporters));
}

/** `known` are the names of the formats there are. Throws UsageError. */
export function parseOutputs(format: string, outputs: readonly string[], known: readonly string[]): readonly Output[] {
  const files = outputs.map((output) => {
    const equals = output.indexOf('=');
    if (equals < 1 || equals === output.length - 1) throw new UsageError(`--output ${output}: write FORMAT=FILE`);
    return { format: output.slice(0, equals), file: output.slice(equals + 1) };
  });
  const all = [{ format }, ...files];
  for (const one of all) {
    if (!known.includes(one.format))
      throw new UsageError(`unknown report format ${one.format}`, hintFor(one.format, known));
  }
  return all;
}

/** Files first, so that they are there when the terminal says how it ended. Throws UsageError if one cannot be written. */
export async function writeReports(
  run: RunResult,
  outputs: readonly Output[],
  options: { readonly seconds: number; readonly verbose: boolean; readonly quiet: boolean; readonly explain: boolean },
  terminal: Terminal,
): Promise<void> {
  for (const { format, file } of [...outputs].reverse()) {
    if (file !== undefined) {
      const problem = replaceHostFile(file, await render(run, format, { color: false, verbose: options.verbose }));
      if (problem !== undefined) throw new UsageError(`the report ${file} cannot be written: ${problem}`);
      continue;
    }
    const text = await render(run, format, { color: terminal.color, ...options });
    // A run that could judge nothing has no result to pipe on, only something to say.
    const nothingJudged = format === 'text' && run.images.every(({ state }) => state === 'unreadable');
    if (nothingJudged) terminal.err(text);
    else if (!options.quiet) terminal.out(text);
  }
}
