/** The work of `diff`: reads both sides, compares them, writes the reports. */
import { hintFor } from '../../checks/language/nearest-name.ts';
import type { ExitCode } from '../../checks/result.ts';
import { compareContract } from '../../diff/compare-contract.ts';
import { comparePortraits, type DiffOptions } from '../../diff/compare-portraits.ts';
import type { DiffResult } from '../../diff/diff-result.ts';
import type { DifferenceList } from '../../diff/differences/difference.ts';
import { loadDifferences } from '../../diff/differences/registry.ts';
import { concerns } from '../../diff/portrait/registry.ts';
import { readDiffOutputs, writeDiffReports } from '../diff/diff-outputs.ts';
import { readSides } from '../diff/read-sides.ts';
import { readVerdictRequest } from '../diff/verdict-request.ts';
import { readHostText } from '../host-files.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import type { DiffCommandOptions } from './diff.ts';
import { readTargetOptions } from './image-options.ts';

export async function diffImages(
  images: readonly string[],
  options: DiffCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const wanted = options.against === undefined ? 2 : 1;
  if (images.length !== wanted)
    throw new UsageError(
      `diff takes ${wanted === 2 ? 'two images' : 'one image with --against contract'}, not ${images.length}`,
    );
  const outputs = readDiffOutputs(options);
  const only = readOnly(options.only);
  const wantsFiles = options.files || (only?.has('files') ?? false);
  // Packages explain files, whether or not they are asked for.
  const described = only && wantsFiles ? new Set([...only, 'packages', 'system']) : only;
  const request = {
    target: readTargetOptions(options, true),
    ...(await readVerdictRequest(options)),
    ...(described ? { only: described } : {}),
  };
  const own = await readWaivers(options.waivers);
  const requests = images.map((path) => ({ ...request, path }));
  const { sides, files } = wantsFiles
    ? await (await import('../diff/compare-files.ts')).readSidesWithFiles(requests, terminal)
    : { sides: await readSides(requests, terminal), files: undefined };
  const result = compareSides(sides, {
    // Names of the user come first; what the user lists is the last word.
    builtIn: [...own.map(({ names }) => ({ names, differences: [] })), ...(await loadDifferences())],
    waivers: own.flatMap(({ differences }) => differences),
    failOn: options.failOn,
    today: new Date().toISOString().slice(0, 10),
    tool: { name: 'check-image', version },
    ...(only ? { only } : {}),
    ...(files ? { more: files } : {}),
  });
  await writeDiffReports(result, outputs, { all: options.all }, terminal);
  return result.exitCode;
}

function compareSides([a, b]: Awaited<ReturnType<typeof readSides>>, options: DiffOptions): DiffResult {
  if (!a) throw new Error('no side was read');
  return b ? comparePortraits(a, b, options) : compareContract(a, options);
}

/** Throws UsageError for a concern that does not exist. */
function readOnly(ids: readonly string[]): ReadonlySet<string> | undefined {
  const known = [...concerns.map(({ id }) => id), 'contract', 'files'];
  for (const id of ids)
    if (!known.includes(id))
      throw new UsageError(`there is no concern ${id}`, hintFor(id, known) ?? `known are ${known.join(', ')}`);
  return ids.length > 0 ? new Set(ids) : undefined;
}

/** Throws UsageError and ContractError. */
async function readWaivers(files: readonly string[]): Promise<readonly DifferenceList[]> {
  if (files.length === 0) return [];
  const { parseDifferences } = await import('../../diff/differences/parse-differences.ts');
  return files.map((file) => {
    const read = readHostText(file);
    if ('problem' in read) throw new UsageError(`the waivers ${file} cannot be read: ${read.problem}`);
    return parseDifferences(read.text, file);
  });
}
