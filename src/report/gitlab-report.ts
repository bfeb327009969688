/**
 * GitLab code quality (the subset of the Code Climate format that GitLab reads): findings and what could not be verified, at
 * their lines of the contract. GitLab drops entries whose fingerprints repeat, so that repeats are numbered.
 */

import type { CheckResult } from '../checks/check.ts';
import { fingerprintOf } from '../checks/fingerprint.ts';
import { severityOf } from '../checks/result.ts';
import { formatLocation } from '../location.ts';
import { escapeText, formatJson } from './escape.ts';
import { describeWaiver, evidenceOf, groupsOf, type Standing, sentenceOf, standingOf } from './findings.ts';
import type { Reporter } from './reporter.ts';

const shown: readonly Standing[] = ['fail', 'unverified', 'waived'];
const severities = { must: 'critical', should: 'minor', info: 'info' } as const;

export const gitlabReporter: Reporter = {
  render: (run) => {
    const seen = new Map<string, number>();
    const entries = groupsOf(run).flatMap(({ label, results }) =>
      results.filter((result) => shown.includes(standingOf(result))).map((result) => entryOf(label, result, seen)),
    );
    return formatJson(entries);
  },
};

function entryOf(label: string, result: CheckResult, seen: Map<string, number>): object {
  const { id, contract, waiver } = result;
  const print = fingerprintOf(label, result);
  const repeats = seen.get(print) ?? 0;
  seen.set(print, repeats + 1);
  const standing = standingOf(result);
  const words = standing === 'unverified' ? 'cannot tell: ' : waiver ? `waived, ${describeWaiver(waiver)}: ` : '';
  const [first] = evidenceOf(result);
  const place = first ? ` (${first.role} ${formatLocation(first.location)})` : '';
  return {
    type: 'issue',
    check_name: id,
    description: escapeText(`${label}: ${words}${sentenceOf(result)}${place}`),
    categories: ['Bug Risk'],
    fingerprint: repeats === 0 ? print : `${print}-${repeats + 1}`,
    severity: standing === 'fail' ? severities[severityOf(result)] : standing === 'unverified' ? 'major' : 'info',
    location: { path: escapeText(contract?.source ?? label), lines: { begin: contract?.line ?? 1 } },
  };
}
