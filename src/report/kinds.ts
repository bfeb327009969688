/** How a check stands in one image, by standing and severity: what filters, tables and colours go by. */
import type { CheckResult } from '../checks/check.ts';
import { severityOf } from '../checks/result.ts';
import { type Standing, standingOf } from './findings.ts';

/** How a check is filtered and coloured: a failure by its severity. */
export type Kind = Exclude<Standing, 'fail'> | 'fail' | 'should' | 'info';

/** In the order of the page; the title is the badge. Those that start hidden are a click away. */
export const kinds: readonly (readonly [kind: Kind, title: string, isHidden?: true])[] = [
  ['fail', 'FAIL'],
  ['should', 'SHOULD'],
  ['info', 'INFO'],
  ['unverified', 'UNVERIFIED'],
  ['waived', 'WAIVED'],
  ['undecidable', 'UNDECIDABLE', true],
  ['pass', 'PASS', true],
  ['skip', 'SKIP', true],
];

export function kindOf(result: CheckResult): Kind {
  const standing = standingOf(result);
  const severity = severityOf(result);
  return standing === 'fail' && severity !== 'must' ? severity : standing;
}
