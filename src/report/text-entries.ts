/** What the text report shows of one image, in its order: one entry a finding, entries that say the same joined. */
import type { CheckResult, Evidence, Severity } from '../checks/check.ts';
import { type ImageResult, severityOf } from '../checks/result.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { formatLocation } from '../location.ts';
import { asOneLine, basisWords, describeWaiver } from './findings.ts';

export type Label = 'FAIL' | 'WARN' | 'INFO' | 'DAMAGE' | 'UNKNOWN' | 'WAIVED' | 'NOTE' | 'SKIP' | 'PASS';

export interface Entry {
  readonly label: Label;
  readonly ids: readonly string[];
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix?: string;
  /** Why it does not count. */
  readonly waiver?: string;
  /** What the verdict rests on, where that is not in the image itself. */
  readonly basis?: string;
  /** Why it matters. */
  readonly why?: string;
  /** Line of the contract and what it refers to. */
  readonly rule?: string;
  /** How many findings of this rule are not shown. */
  readonly more?: number;
}

/** Entries of these that say the same become one: what is wrong is told for each check. */
const joinable: ReadonlySet<Label> = new Set(['UNKNOWN', 'NOTE', 'SKIP']);

const order: readonly Label[] = ['FAIL', 'WARN', 'INFO', 'DAMAGE', 'UNKNOWN', 'WAIVED', 'NOTE', 'SKIP', 'PASS'];
const failLabels: Readonly<Record<Severity, Label>> = { must: 'FAIL', should: 'WARN', info: 'INFO' };

/** Findings about waivers and the baseline, in their order. */
export function entriesOfUpkeep(results: readonly CheckResult[]): readonly Entry[] {
  return results.flatMap((result) => entryOf(result) ?? []);
}

/** Results of cross checks: what is wrong; with `verbose` also the rest. */
export function entriesOfCluster(results: readonly CheckResult[], verbose: boolean): readonly Entry[] {
  const entries = results.flatMap((result) => entryOf(result) ?? (verbose ? [passed(result)] : []));
  const shown = entries.filter(({ label }) => verbose || label !== 'SKIP');
  return order.flatMap((label) => shown.filter((entry) => entry.label === label));
}

/** Failures by severity, damage, what cannot be told, notes; with `verbose` also the rest. */
export function entriesOf(image: Extract<ImageResult, { state: 'judged' }>, verbose: boolean): readonly Entry[] {
  const groups = verbose ? image.judgement.results.map((result) => [result]) : groupFindings(image.judgement.results);
  const entries = [
    ...groups.flatMap((group) => groupEntry(group) ?? (verbose ? group.map(passed) : [])),
    ...image.diagnostics.map(entryOfDiagnostic),
  ].filter(({ label }) => verbose || label !== 'SKIP');
  return joinEqual(order.flatMap((label) => entries.filter((entry) => entry.label === label)));
}

/** How many findings of one lint rule are shown before they are only counted. */
const SHOWN = 3;

/** The findings of one lint rule that stand alike together, everything else by itself, in the order of the first. */
function groupFindings(results: readonly CheckResult[]): readonly (readonly CheckResult[])[] {
  const groups = new Map<unknown, CheckResult[]>();
  for (const result of results) {
    const isFinding = result.many !== undefined && result.verdict.status === 'fail';
    const waived = result.waiver ? describeWaiver(result.waiver) : '';
    const key = isFinding ? [result.id, severityOf(result), waived].join('\0') : result;
    const group = groups.get(key);
    if (group) group.push(result);
    else groups.set(key, [result]);
  }
  return [...groups.values()];
}

function groupEntry(group: readonly CheckResult[]): Entry | undefined {
  const [first] = group;
  const entry = first && entryOf(first);
  if (!entry || group.length === 1 || first?.many === undefined) return entry;
  const evidence = group.slice(0, SHOWN).flatMap(placeOfFinding);
  const more = group.length > SHOWN ? { more: group.length - SHOWN } : {};
  return { ...entry, message: first.many.replace('{count}', String(group.length)), evidence, ...more };
}

/** Where to look first, and what is there; what it is about too, unless the place says so. */
function placeOfFinding({ verdict, subject }: CheckResult): readonly Evidence[] {
  const [place] = 'evidence' in verdict ? (verdict.evidence ?? []) : [];
  if (!place) return [];
  const found = verdict.status === 'fail' ? verdict.found : undefined;
  const words = [subject?.kind === 'path' ? undefined : subject?.name, place.excerpt ?? found];
  const excerpt = words.filter((word) => word !== undefined).join('  ');
  return [excerpt === '' ? place : { ...place, excerpt }];
}

function entryOf(result: CheckResult): Entry | undefined {
  const { verdict } = result;
  const ids = [result.id];
  switch (verdict.status) {
    case 'fail': {
      const { message, evidence } = verdict;
      const fix = verdict.remedy ?? result.fix;
      const rule = ruleText(result);
      const { waiver } = result;
      return {
        label: waiver ? 'WAIVED' : failLabels[severityOf(result)],
        ids,
        message,
        evidence,
        ...(waiver ? { waiver: describeWaiver(waiver) } : {}),
        ...(fix === undefined ? {} : { fix }),
        ...basisOf(result),
        ...(result.why === undefined ? {} : { why: asOneLine(result.why) }),
        ...(rule === undefined ? {} : { rule }),
      };
    }
    case 'unknown':
      return { label: 'UNKNOWN', ids, message: verdict.message, evidence: verdict.evidence ?? [] };
    case 'pass':
      if (verdict.note === undefined) return undefined;
      return { label: 'NOTE', ids, message: withBasis(verdict.note, result), evidence: [] };
    case 'skip':
      return { label: 'SKIP', ids, message: verdict.reason, evidence: [] };
  }
}

function passed(result: CheckResult): Entry {
  return { label: 'PASS', ids: [result.id], message: withBasis(result.title, result), evidence: [] };
}

/** What needs no line of its own. */
function withBasis(text: string, { basis }: CheckResult): string {
  return basis && basisWords[basis] ? `${text} (${basis})` : text;
}

function basisOf({ basis }: CheckResult): Pick<Entry, 'basis'> {
  const words = basis && basisWords[basis];
  return words === undefined ? {} : { basis: words };
}

function entryOfDiagnostic({ level, code, message, location }: Diagnostic): Entry {
  const evidence = location ? [{ role: 'at', location }] : [];
  return { label: level === 'damage' ? 'DAMAGE' : 'NOTE', ids: [code], message, evidence };
}

function ruleText({ contract, references }: CheckResult): string | undefined {
  const place = contract && (contract.line === undefined ? contract.source : `${contract.source}:${contract.line}`);
  const parts = [...(place === undefined ? [] : [place]), ...references];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** Entries that cannot be told, are noted, or are left out for the same reason become one. */
function joinEqual(entries: readonly Entry[]): readonly Entry[] {
  const joined = new Map<string, Entry>();
  for (const entry of entries) {
    const places = entry.evidence.map(({ location }) => formatLocation(location));
    const key = [entry.label, ...(joinable.has(entry.label) ? [] : entry.ids), entry.message, ...places].join('\0');
    const before = joined.get(key);
    joined.set(key, before ? { ...before, ids: [...before.ids, ...entry.ids] } : entry);
  }
  return [...joined.values()];
}
