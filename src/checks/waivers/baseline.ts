/**
 * The baseline: failures that were there when it was written do not count, only new ones do. It is written once and shrinks
 * from then on: what is fixed leaves it, nothing enters it.
 */
import validate from 'validator:baseline-1';
import type { Location } from '../../location.ts';
import type { CheckResult } from '../check.ts';
import { fingerprintOf, kindOfImage } from '../fingerprint.ts';
import { parseOwnFile } from '../parse-own-file.ts';
import type { ImageResult } from '../result.ts';
import { at, fail } from '../verdict.ts';

export interface KnownFinding {
  readonly fingerprint: string;
  readonly rule: string;
  /** Base name of the image as `kindOfImage` calls it. */
  readonly image: string;
  readonly message: string;
}

export interface BaselineEntry extends KnownFinding {
  readonly location: Location;
}

/** Throws ContractError. `label` is what locations call the file. */
export function parseBaseline(text: string, label: string): readonly BaselineEntry[] {
  const baseline = parseOwnFile(text, label, 'the baseline', validate) as {
    readonly findings: readonly KnownFinding[];
  };
  const lines = linesOfFingerprints(text);
  return baseline.findings.map((finding) => {
    const line = lines.get(finding.fingerprint);
    return { ...finding, location: { source: label, ...(line === undefined ? {} : { line }) } };
  });
}

function linesOfFingerprints(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const [i, line] of text.split('\n').entries()) {
    const fingerprint = /"fingerprint": "([0-9a-f]{32})"/.exec(line)?.[1];
    if (fingerprint !== undefined) lines.set(fingerprint, i + 1);
  }
  return lines;
}

/** Marks the failures that the baseline knows, except those that already have a waiver. */
export function applyBaseline(
  label: string,
  results: readonly CheckResult[],
  baseline: readonly BaselineEntry[],
): readonly CheckResult[] {
  const known = new Map(baseline.map((entry) => [entry.fingerprint, entry]));
  return results.map((result) => {
    const entry = result.verdict.status === 'fail' && !result.waiver && known.get(fingerprintOf(label, result));
    return entry
      ? { ...result, waiver: { by: 'baseline', reason: 'known to the baseline', location: entry.location } }
      : result;
  });
}

/** Every failure that no waiver covers, in a lasting order: what a new baseline holds. */
export function findingsOf(images: readonly ImageResult[]): readonly KnownFinding[] {
  const found = new Map<string, KnownFinding>();
  for (const image of images) {
    if (image.state !== 'judged') continue;
    const { label } = image.subject;
    for (const result of image.judgement.results) {
      if (result.verdict.status !== 'fail' || result.waiver?.by === 'waiver') continue;
      const fingerprint = fingerprintOf(label, result);
      found.set(fingerprint, {
        fingerprint,
        rule: result.id,
        image: kindOfImage(label),
        message: result.verdict.message,
      });
    }
  }
  return [...found.values()].sort((a, b) => compareText(sortKey(a), sortKey(b)));
}

const sortKey = ({ rule, image, fingerprint }: KnownFinding): string => [rule, image, fingerprint].join('\0');
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Entries whose failure is gone: the check was judged in every image of that name, and none of them has the finding. */
export function fixedEntries(
  baseline: readonly BaselineEntry[],
  images: readonly ImageResult[],
): readonly BaselineEntry[] {
  const found = new Set(findingsOf(images).map(({ fingerprint }) => fingerprint));
  return baseline.filter(({ fingerprint, rule, image: name }) => {
    if (found.has(fingerprint)) return false;
    const results = images
      .filter(({ subject }) => kindOfImage(subject.label) === name)
      .flatMap((image) =>
        image.state === 'judged' ? image.judgement.results.filter(({ id }) => id === rule) : [undefined],
      );
    return results.length > 0 && results.every((one) => one && ['pass', 'fail'].includes(one.verdict.status));
  });
}

/** What a baseline becomes without the entries that are fixed. */
export function shrinkBaseline(
  baseline: readonly BaselineEntry[],
  fixed: readonly BaselineEntry[],
): readonly KnownFinding[] {
  return baseline.filter((entry) => !fixed.includes(entry)).map(({ location: _, ...finding }) => finding);
}

export function findBaselineUpkeep(fixed: readonly BaselineEntry[]): readonly CheckResult[] {
  if (fixed.length === 0) return [];
  const what = fixed.length === 1 ? '1 failure of the baseline is' : `${fixed.length} failures of the baseline are`;
  return [
    {
      id: 'baseline/fixed',
      title: 'the baseline holds only what still fails',
      severity: 'info',
      fix: 'Run again with --update-baseline.',
      references: [],
      verdict: fail(`${what} no longer there`, {
        evidence: fixed.map(({ location, rule }) => at(location, 'fixed', rule)),
      }),
    },
  ];
}
