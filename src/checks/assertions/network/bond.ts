/** Mode, preferred member and link monitoring of a bond. */
import { findDevice, findMembers, findSetup } from '../../../facts/network/interface-graph.ts';
import type { NetworkDevice, NetworkFact, Sourced } from '../../../facts/network/network-fact.ts';
import type { Verdict } from '../../check.ts';
import { domains } from '../../matchers/domain.ts';
import type { Matcher } from '../../matchers/matcher.ts';
import { at, fail, joinVerdicts } from '../../verdict.ts';
import { judgeClaim } from '../value.ts';

export interface BondOptions {
  readonly mode?: Matcher;
  readonly primary?: Matcher;
  /** Milliseconds. */
  readonly monitor?: Matcher;
}

/** The numbers older configurations use (bonding.rst of the kernel). */
const modes = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'];

/** Each thing that is asked must hold. */
export function judgeBond(name: string, options: BondOptions, fact: NetworkFact): Verdict {
  const device = findDevice(fact, name);
  if (device?.kind !== 'bond') {
    const evidence = device ? [at(device.location)] : [];
    return fail(`there is no bond ${name}`, { expected: name, found: device?.kind ?? 'none', evidence });
  }
  const { mode, primary, monitor } = options;
  const claims: readonly (readonly [string, Matcher | undefined, Sourced | undefined])[] = [
    [`mode of ${name}`, mode, device.bondMode && spelledOut(device.bondMode)],
    [`preferred member of ${name}`, primary, findPrimary(device, fact)],
    [`link monitoring of ${name} in milliseconds`, monitor, device.miiMonitor],
  ];
  const parts = claims.flatMap(([subject, wanted, found]) =>
    wanted === undefined
      ? []
      : [
          judgeClaim({
            subject,
            wanted,
            found: found?.value,
            domain: domains.text,
            evidence: [at(found?.location ?? device.location, found ? 'set by' : 'at')],
          }),
        ],
  );
  return joinVerdicts(parts, 'should');
}

const spelledOut = ({ value, location }: Sourced): Sourced => ({ value: modes[Number(value)] ?? value, location });

function findPrimary(device: NetworkDevice, fact: NetworkFact): Sourced | undefined {
  if (device.primary) return device.primary;
  for (const { value } of findMembers(fact, device)) {
    const primary = findSetup(fact, value).setup?.primary;
    if (primary) return { value, location: primary.location };
  }
  return undefined;
}
