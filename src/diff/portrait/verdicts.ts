/** Verdicts as a portrait keeps them: how each check ended, and of a failure the places and what it looked at. */
import type { CheckResult } from '../../checks/check.ts';
import type { Look } from '../../checks/recording-lookup.ts';
import { severityOf } from '../../checks/result.ts';
import type { PortraitVerdict, VerdictSubject } from './portrait.ts';

export function describeVerdicts(
  results: readonly CheckResult[],
  looks: ReadonlyMap<string, readonly Look[]>,
): readonly PortraitVerdict[] {
  return results.map((result) => describeVerdict(result, looks.get(result.id) ?? []));
}

function describeVerdict(result: CheckResult, looks: readonly Look[]): PortraitVerdict {
  const { id, title, verdict } = result;
  const head = { id, title, severity: severityOf(result), status: verdict.status, places: [], subjects: [] };
  if (verdict.status === 'pass' || verdict.status === 'skip') return head;
  if (verdict.status === 'unknown')
    return {
      ...head,
      message: verdict.message,
      ...(verdict.kind === 'inconclusive' ? { isInconclusive: true } : {}),
    };
  const { message, expected, found, evidence } = verdict;
  return {
    ...head,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    places: evidence.map(({ location }) => location),
    subjects: distinct(looks),
  };
}

function distinct(looks: readonly Look[]): readonly VerdictSubject[] {
  return [...new Map(looks.map((look) => [JSON.stringify(look), look])).values()];
}
