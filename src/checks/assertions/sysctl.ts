/** `sysctl`: the value systemd-sysctl would set at boot, which file sets it, and what it overrode. */

import { sysctlValue } from '../../facts/sysctl/resolve-sysctl.ts';
import type { SysctlFact, SysctlValue } from '../../facts/sysctl/sysctl-fact.ts';
import { formatSysctlKey, parseSysctlKey } from '../../facts/sysctl/sysctl-key.ts';
import type { Evidence, Judge } from '../check.ts';
import { domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { at } from '../verdict.ts';
import { judgeClaim } from './value.ts';

export interface SysctlOptions {
  /** With dots or slashes. */
  readonly key: string;
  readonly value: Matcher;
}

export const sysctlAssertion: Judge<SysctlOptions> = {
  id: 'sysctl',
  title: 'A kernel parameter has a value after all of sysctl.d was applied',
  needs: ['sysctl'],
  cannotFail: ({ value }) => matcherProblem(value, domains.words),
  evaluate: ({ key, value }, facts) => {
    const canonical = formatSysctlKey(parseSysctlKey(key));
    const fact = facts.get('sysctl', '', [canonical]);
    const set = sysctlValue(fact, canonical);
    return judgeClaim({
      subject: canonical,
      wanted: value,
      found: set?.value,
      missing: 'is not set by any sysctl.d file',
      domain: domains.words,
      evidence: set ? provenance(set) : absence(fact, canonical),
    });
  },
};

function provenance(set: SysctlValue): Evidence[] {
  return [
    at(set.set.location, 'set by', `${set.set.key} = ${set.value}`),
    ...set.beats.map((one) => at(one.location, 'beats', `${one.key} = ${one.value}`)),
  ];
}

/** Nothing sets the key: a line that takes it out again, or a masked file that may have set it. */
function absence(fact: SysctlFact, key: string): Evidence[] {
  const excluded = fact.excluded[key];
  return [
    ...(excluded ? [at(excluded.location, 'taken out by')] : []),
    ...fact.masked.flatMap(({ file, by }) => [at(file, 'masked'), at(by, 'masked by')]),
  ];
}
