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

/** What was said of the outputs; `format` is absent unless the user named one, `quiet` asks for none that was not given by `output`. */
export interface OutputWords {
  readonly format?: string;
  readonly output: readonly string[];
  readonly quiet?: boolean;
}

/** Throws UsageError. */
export function readOutputs(words: OutputWords): readonly Output[] {
  return parseOutputs(words, Object.keys(reporters));
}

/**
 * What goes to standard output first. `FORMAT=-` takes the place of the text report there, as nmap's `-oX -` does; two formats there
 * would be one stream that nothing can read. `known` are the names of the formats there are. Throws UsageError.
 */
export function parseOutputs(
  { format, output, quiet = false }: OutputWords,
  known: readonly string[],
): readonly Output[] {
  const named = output.map(parseOutput);
  for (const one of [...(format === undefined ? [] : [format]), ...named.map((one) => one.format)]) {
    if (!known.includes(one)) throw new UsageError(`unknown report format ${one}`, hintFor(one, known));
  }
  const files = named.filter(({ file }) => file !== undefined);
  const printed = new Set(named.flatMap((one) => (one.file === undefined ? [one.format] : [])));
  if (!quiet && (format !== undefined || printed.size === 0)) printed.add(format ?? 'text');
  if (printed.size > 1) {
    const [one, other] = printed;
    throw new UsageError(`${one} and ${other} would be mixed on standard output`, 'give one of them a file');
  }
  return [...Array.from(printed, (one) => ({ format: one })), ...files];
}

/** Throws UsageError. */
function parseOutput(output: string): Output {
  const equals = output.indexOf('=');
  if (equals < 1 || equals === output.length - 1) {
    throw new UsageError(`--output ${output}: write FORMAT=FILE`, 'the file - is standard output');
  }
  const [format, file] = [output.slice(0, equals), output.slice(equals + 1)];
  return file === '-' ? { format } : { format, file };
}

/** Files first, so that they are there when the terminal says how it ended. Throws UsageError if one cannot be written. */
export async function writeReports(
  run: RunResult,
  outputs: readonly Output[],
  options: { readonly seconds: number; readonly verbose: boolean; readonly quiet: boolean; readonly explain: boolean },
  terminal: Terminal,
): Promise<void> {
  const toTerminal = { color: terminal.color, ...options };
  const nothingJudged = run.images.every(({ state }) => state === 'unreadable');
  for (const { format, file } of outputs.toReversed()) {
    if (file !== undefined) {
      const problem = replaceHostFile(file, await render(run, format, { color: false, verbose: options.verbose }));
      if (problem !== undefined) throw new UsageError(`the report ${file} cannot be written: ${problem}`);
      continue;
    }
    // A run that could judge nothing has no result to pipe on, only something to say.
    if (format !== 'text' || !nothingJudged) terminal.out(await render(run, format, toTerminal));
  }
  const saysSo = options.quiet || outputs.some(({ format, file }) => format === 'text' && file === undefined);
  if (nothingJudged && saysSo) terminal.err(await render(run, 'text', toTerminal));
}
