/** `--waivers`, `--baseline` and `--update-baseline`: puts them on the results, and says what is wrong with them. */
import type { CheckResult } from '../checks/check.ts';
import type { ClusterResult } from '../checks/cluster/judge-clusters.ts';
import { countResults, type ImageResult } from '../checks/result.ts';
import type { BaselineEntry, KnownFinding } from '../checks/waivers/baseline.ts';
import type { WaiverRule } from '../checks/waivers/waiver-rule.ts';
import { readHostText, replaceHostFile } from './host-files.ts';
import { UsageError } from './usage-error.ts';

export interface ExceptionOptions {
  readonly waivers?: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}

export interface Exceptions {
  /** To be put on each image as it is judged. */
  readonly waivers: readonly WaiverRule[];
  /** After all images: the baseline put on, written if asked, and findings about waivers and baseline. */
  conclude(
    images: readonly ImageResult[],
    clusters?: readonly ClusterResult[],
  ): {
    readonly images: readonly ImageResult[];
    readonly upkeep: readonly CheckResult[];
  };
}

/** Undefined where there are none. `today` is `2026-11-30`. Throws UsageError and ContractError. */
export async function readExceptions(options: ExceptionOptions, today: string): Promise<Exceptions | undefined> {
  const { waivers: files = [], baseline: file, updateBaseline: isUpdated = false } = options;
  if (isUpdated && file === undefined) throw new UsageError('--update-baseline needs --baseline FILE');
  if (files.length === 0 && file === undefined) return undefined;
  const waivers = await readWaivers(files);
  const baseline = file === undefined ? undefined : await readBaseline(file, isUpdated);
  return makeExceptions(waivers, baseline, today);
}

async function readWaivers(files: readonly string[]): Promise<readonly WaiverRule[]> {
  if (files.length === 0) return [];
  const { parseWaivers } = await import('../checks/waivers/parse-waivers.ts');
  return files.flatMap((file) => {
    const read = readHostText(file);
    if ('problem' in read) throw new UsageError(`the waivers ${file} cannot be read: ${read.problem}`);
    return parseWaivers(read.text, file);
  });
}

interface Baseline {
  readonly file: string;
  /** Undefined where it is still to be written. */
  readonly entries: readonly BaselineEntry[] | undefined;
  readonly isUpdated: boolean;
}

/** A baseline that is missing is a mistake, unless it is to be written. */
async function readBaseline(file: string, isUpdated: boolean): Promise<Baseline> {
  const read = readHostText(file);
  if ('text' in read) {
    const { parseBaseline } = await import('../checks/waivers/baseline.ts');
    return { file, entries: parseBaseline(read.text, file), isUpdated };
  }
  if (isUpdated && read.isMissing) return { file, entries: undefined, isUpdated };
  const hint = read.isMissing ? 'write it with --update-baseline' : undefined;
  throw new UsageError(`the baseline ${file} cannot be read: ${read.problem}`, hint);
}

async function makeExceptions(
  waivers: readonly WaiverRule[],
  baseline: Baseline | undefined,
  today: string,
): Promise<Exceptions> {
  const [{ findWaiverUpkeep }, baselines, { formatJson }] = await Promise.all([
    import('../checks/waivers/waiver-upkeep.ts'),
    import('../checks/waivers/baseline.ts'),
    import('../report/escape.ts'),
  ]);
  const writeBaseline = (file: string, findings: readonly KnownFinding[]): void => {
    const problem = replaceHostFile(file, formatJson({ schema: 'check-image/baseline-1', findings }));
    if (problem !== undefined) throw new UsageError(`the baseline ${file} cannot be written: ${problem}`);
  };
  const settleBaseline = (images: readonly ImageResult[], { file, entries, isUpdated }: Baseline) => {
    if (!entries) {
      const findings = baselines.findingsOf(images);
      writeBaseline(file, findings);
      return { entries: findings.map((finding) => ({ ...finding, location: { source: file } })), upkeep: [] };
    }
    const fixed = baselines.fixedEntries(entries, images);
    if (!isUpdated) return { entries, upkeep: baselines.findBaselineUpkeep(fixed) };
    if (fixed.length > 0) writeBaseline(file, baselines.shrinkBaseline(entries, fixed));
    return { entries, upkeep: [] };
  };
  return {
    waivers,
    conclude: (images, clusters = []) => {
      const across = clusters.flatMap(({ results }) => results);
      const upkeep = findWaiverUpkeep(waivers, images, today, across);
      if (!baseline) return { images, upkeep };
      const settled = settleBaseline(images, baseline);
      const marked = images.map((image) => {
        if (image.state !== 'judged') return image;
        const results = baselines.applyBaseline(image.subject.label, image.judgement.results, settled.entries);
        return { ...image, judgement: { ...image.judgement, results }, counts: countResults(results) };
      });
      return { images: marked, upkeep: [...upkeep, ...settled.upkeep] };
    },
  };
}
