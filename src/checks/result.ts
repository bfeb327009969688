/** The outcome of a run: what was judged, how it ended, and what that means for the exit code. */
import type { Diagnostic } from '../diagnostic.ts';
import type { BoundParameter } from './binding.ts';
import type { CheckResult, Severity } from './check.ts';
import type { ClusterNode } from './cluster/cluster-node.ts';
import type { ClusterResult } from './cluster/judge-clusters.ts';
import { isAtLeast } from './verdict.ts';

/** What the image is, in words for the head of a report. */
export interface Subject {
  /** Base name of the image. */
  readonly label: string;
  /** How it was opened: `zstd > GPT > p2 ext4 ...`, one line per thing. */
  readonly layers: readonly string[];
  /** `Debian GNU/Linux 13 (trixie)`, `amd64`, `kernel 6.12.107`. */
  readonly system: readonly string[];
  /** Partitions of the disk, in their order on it. */
  readonly partitions?: readonly SubjectPartition[];
  /** From the loader to the root: what the machine would go through, as far as the image shows it. */
  readonly boot?: readonly { readonly title: string; readonly text: string }[];
}

export interface SubjectPartition {
  /** `p2`. */
  readonly name: string;
  /** `ext4 "platform"`, `swap`, `unreadable`. */
  readonly content: string;
  /** Bytes. */
  readonly size: number;
  readonly mount?: string;
}

/** Checks of the contract, and findings of lint: a lint rule that holds or does not apply is in no count. */
export interface Counts {
  readonly pass: number;
  /** Failures of severity must, should and info. */
  readonly fail: number;
  readonly should: number;
  readonly info: number;
  readonly unknown: number;
  readonly skip: number;
  /** Failures that a waiver or the baseline covers; they are in no other count. */
  readonly waived: number;
}

export interface Judgement {
  readonly contract: { readonly name: string; readonly version: string; readonly title: string };
  readonly parameters: readonly BoundParameter[];
  readonly results: readonly CheckResult[];
  /** What was linted; absent where nothing was. */
  readonly lint?: LintSummary;
}

export interface LintSummary {
  readonly profiles: readonly string[];
  /** `cheap`, `walk` or `content`: how much of the image was read for it. */
  readonly cost: string;
  /** How many rules ran, and how many of the profiles would read more. */
  readonly rules: number;
  readonly dearer: number;
}

/** One image: judged, or the reason why it could not be opened. */
export type ImageResult =
  | {
      readonly state: 'judged';
      readonly subject: Subject;
      readonly judgement: Judgement;
      readonly counts: Counts;
      readonly diagnostics: readonly Diagnostic[];
      /** What it says of its place in a cluster; absent if it is no k3s node, or nobody asked. */
      readonly node?: ClusterNode;
    }
  | {
      readonly state: 'unreadable';
      readonly subject: Subject;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly location?: import('../location.ts').Location;
        readonly remedy?: string;
      };
    };

export interface RunResult {
  readonly tool: { readonly name: string; readonly version: string };
  readonly images: readonly ImageResult[];
  /** Findings about the waivers and the baseline themselves: expired, unused, too wide. */
  readonly upkeep?: readonly CheckResult[];
  /** Images that are nodes of one cluster, held against each other. */
  readonly clusters?: readonly ClusterResult[];
  /** By what the exit code was decided. */
  readonly strictness?: Strictness;
  /** Which part of the images this run judged, if not all of them. */
  readonly shard?: Shard;
  readonly exitCode: ExitCode;
}

/** Every `count`-th image, beginning with the one numbered `index`, which counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
  /** How many there are in all parts together. */
  readonly images: number;
}

/** 4 is `systemctl is-enabled` of a unit that does not exist; no verdict ends so. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 70;

export interface Strictness {
  /** Findings at or above this severity fail the run. */
  readonly failOn: Severity;
  /** Every "cannot tell" for lack of evidence counts, not only that of must checks. */
  readonly strict: boolean;
}

/** The severity with which a result counts. */
export function severityOf(result: CheckResult): Severity {
  return (result.verdict.status === 'fail' ? result.verdict.severity : undefined) ?? result.severity;
}

export function countResults(results: readonly CheckResult[]): Counts {
  const counts = { pass: 0, fail: 0, should: 0, info: 0, unknown: 0, skip: 0, waived: 0 };
  for (const result of results) {
    const { status } = result.verdict;
    if (result.waiver) counts.waived++;
    else if (result.origin === 'lint' && (status === 'pass' || status === 'skip')) continue;
    else if (status !== 'fail') counts[status]++;
    else counts[severityOf(result) === 'must' ? 'fail' : (severityOf(result) as 'should' | 'info')]++;
  }
  return counts;
}

/**
 * A real failure wins over "could not verify", which wins over clean. Nothing checked is never clean, and neither is an image that
 * is not the one that was built. What no image can answer does not count.
 */
export function exitCodeOf(image: ImageResult, strictness: Strictness): 0 | 1 | 3 {
  if (image.state === 'unreadable') return 3;
  const { results } = image.judgement;
  if (failsRun(results, strictness)) return 1;
  if (image.diagnostics.some(({ level, touches }) => level === 'damage' && touches === 'everything')) return 3;
  const unverified = results.some((one) => one.verdict.status === 'unknown' && countsAgainst(one, strictness));
  // That lint found nothing says nothing about a contract none of whose checks could be judged.
  const asked = results.some(({ origin }) => !origin) ? results.filter(({ origin }) => !origin) : results;
  const judged = asked.some(({ verdict }) => verdict.status === 'pass' || verdict.status === 'fail');
  return unverified || !judged ? 3 : 0;
}

/** Whether findings that nobody waived are grave enough to fail the run. */
export function failsRun(results: readonly CheckResult[], strictness: Strictness): boolean {
  return results.some((one) => one.verdict.status === 'fail' && countsAgainst(one, strictness));
}

/** Whether a failure, or the lack of evidence, is grave enough to decide the exit code. What no image can tell and what is waived is not. */
export function countsAgainst(result: CheckResult, strictness: Strictness): boolean {
  const { verdict, severity, waiver } = result;
  const failOn = failBound(strictness);
  if (verdict.status === 'fail') return !waiver && isAtLeast(severityOf(result), failOn);
  if (verdict.status !== 'unknown' || verdict.kind !== 'inconclusive') return false;
  return strictness.strict || isAtLeast(severity, failOn);
}

/**
 * The exit code of a run: the worst of its images, and what is wrong between them and with the exceptions. A part of the images that holds none
 * is clean: the others were judged elsewhere.
 */
export function exitCodeOfRun({
  images,
  upkeep = [],
  clusters = [],
  strictness,
  shard,
}: Pick<RunResult, 'images' | 'upkeep' | 'clusters' | 'shard'> & { readonly strictness: Strictness }): ExitCode {
  const codes: readonly ExitCode[] = images.map((image) => exitCodeOf(image, strictness));
  const across = [...upkeep, ...clusters.flatMap(({ results }) => results)];
  if (failsRun(across, strictness)) return worstExitCode([...codes, 1]);
  return codes.length === 0 && shard && shard.images > 0 ? 0 : worstExitCode(codes);
}

const failBound = ({ strict, failOn }: Strictness): Severity => (strict && failOn === 'must' ? 'should' : failOn);

const badness: readonly ExitCode[] = [70, 2, 1, 3, 0];

/** The exit code of several images: the worst of them, in the order bug, usage, failure, no verdict, clean. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return badness.find((code) => codes.includes(code)) ?? 3;
}
