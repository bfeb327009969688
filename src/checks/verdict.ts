/** Making verdicts, and joining those of the parts of one check. */
import type { Standing } from '../facts/fact.ts';
import type { Location } from '../location.ts';
import type { CheckResult, Evidence, Severity, Verdict } from './check.ts';

type Fail = Extract<Verdict, { status: 'fail' }>;

export interface FailDetails {
  readonly expected?: string;
  readonly found?: string;
  readonly evidence?: readonly Evidence[];
  /** Present when the contract grades this case differently from the rest of the check. */
  readonly severity?: Severity | undefined;
  readonly remedy?: string;
}

export function pass(note?: string, evidence?: readonly Evidence[]): Verdict {
  return { status: 'pass', ...(note === undefined ? {} : { note }), ...(evidence === undefined ? {} : { evidence }) };
}

/** `message` is one sentence: what is, and what was wanted. */
export function fail(message: string, details: FailDetails = {}): Verdict {
  const { severity, evidence = [], ...rest } = details;
  return { status: 'fail', message, ...rest, evidence, ...(severity === undefined ? {} : { severity }) };
}

/** The evidence could not be read; where, if there is a place. */
export function inconclusive(message: string, where: Location | readonly Evidence[] = []): Verdict {
  const evidence = 'source' in where ? [at(where)] : where;
  return { status: 'unknown', kind: 'inconclusive', message, ...(evidence.length > 0 ? { evidence } : {}) };
}

/** Nothing in an image can answer. */
export function undecidable(message: string): Verdict {
  return { status: 'unknown', kind: 'undecidable', message };
}

export function skip(reason: string): Verdict {
  return { status: 'skip', reason };
}

export function at(location: Location, role = 'at', excerpt?: string): Evidence {
  return excerpt === undefined ? { role, location } : { role, location, excerpt };
}

const severities: readonly Severity[] = ['must', 'should', 'info'];

/** The graver of two severities. */
export function graverOf(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) <= severities.indexOf(b) ? a : b;
}

/** Whether `severity` is as grave as `bound`, or graver. */
export function isAtLeast(severity: Severity, bound: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(bound);
}

/**
 * The verdict of a check whose parts must all hold. A failure wins over "cannot tell", unless it weighs less than the check
 * itself; "cannot tell" wins over pass; a check none of whose parts applied is skipped.
 */
export function joinVerdicts(parts: readonly Verdict[], severity: Severity): Verdict {
  const fails = parts.filter((part): part is Fail => part.status === 'fail');
  const unknown = parts.find((part) => part.status === 'unknown');
  const worst = fails.reduce<Severity>((so, one) => graverOf(so, one.severity ?? severity), 'info');
  if (fails.length > 0 && (unknown === undefined || isAtLeast(worst, severity))) return joinFails(fails, worst);
  if (unknown) return unknown;
  const passes = parts.filter((part) => part.status === 'pass');
  if (passes.length === 0) return parts[0] ?? skip('nothing to judge');
  const notes = passes.flatMap((part) => part.note ?? []);
  const evidence = passes.flatMap((part) => part.evidence ?? []);
  return pass(notes.length > 0 ? notes.join('; ') : undefined, evidence.length > 0 ? evidence : undefined);
}

function joinFails(fails: readonly Fail[], severity: Severity): Verdict {
  const [first] = fails;
  if (first && fails.length === 1) return first;
  return fail([...new Set(fails.map(({ message }) => message))].join('; '), {
    evidence: withoutRepeats(fails.flatMap(({ evidence }) => evidence)),
    severity,
  });
}

/** Parts of one check often speak of the same place. */
function withoutRepeats(evidence: readonly Evidence[]): readonly Evidence[] {
  const byText = new Map(evidence.map((one) => [JSON.stringify(one), one]));
  return [...byText.values()];
}

/** What a verdict rests on; nothing was looked at for what is skipped. */
export function basisOf({ status }: Verdict, standing: Standing | undefined): Pick<CheckResult, 'basis'> {
  if (status === 'unknown') return { basis: 'unknown' };
  return status === 'skip' || standing === undefined ? {} : { basis: standing };
}
