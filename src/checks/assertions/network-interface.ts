/**
 * `network-interface`: what will be of an interface at boot. One claim a use: it exists, gets an address, keeps its name,
 * has a VLAN id on a parent, or bundles its members in a mode.
 */
import { findCycle, findDevice, findParent, findSetup } from '../../facts/network/interface-graph.ts';
import type { NetworkFact } from '../../facts/network/network-fact.ts';
import type { FactLookup, Judge, Verdict } from '../check.ts';
import { domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { at, fail, pass, undecidable } from '../verdict.ts';
import { type BondOptions, judgeBond } from './network/bond.ts';
import { judgeExistence } from './network/existence.ts';
import { judgeNames } from './network/names.ts';
import { unreadManager } from './network/unread-manager.ts';
import { judgeClaim } from './value.ts';

export interface NetworkInterfaceOptions {
  readonly name: string;
  readonly exists?: true;
  readonly addressed?: true;
  readonly 'stable-name'?: true;
  readonly vlan?: Matcher;
  readonly parent?: string;
  readonly bond?: BondOptions;
}

export const networkInterfaceAssertion: Judge<NetworkInterfaceOptions> = {
  id: 'network-interface',
  title: 'A network interface exists, has an address, keeps its name, or is the VLAN or bond it should be',
  needs: ['network'],
  cannotFail: (options) => {
    const { exists, addressed, vlan, parent, bond } = options;
    if (vlan !== undefined) return matcherProblem(vlan, domains.text);
    const claims = [exists, addressed, options['stable-name'], parent, bond].some((one) => one !== undefined);
    return claims ? undefined : 'the claim says nothing of the interface';
  },
  evaluate: (options, facts) => {
    const { name } = options;
    if (options['stable-name']) return judgeNames(name, lookUp(facts, 'naming'));
    const fact = lookUp(facts);
    if (options.exists) return judgeExistence(name, fact);
    if (options.addressed) return judgeAddress(name, fact);
    if (options.bond) return judgeBond(name, options.bond, fact);
    return judgeVlan(options, fact);
  },
};

function lookUp(facts: FactLookup, ...more: readonly string[]): NetworkFact {
  return facts.get('network', '', ['interfaces', 'managers', ...more]);
}

function judgeAddress(name: string, fact: NetworkFact): Verdict {
  const { setup, perhaps } = findSetup(fact, name);
  const [first] = perhaps;
  if (first && !setup) return undecidable(`whether ${name} gets an address depends on the hardware it is`);
  if (!setup)
    return (
      unreadManager(fact) ?? fail(`nothing gives ${name} an address`, { expected: 'Address= or DHCP=', found: 'none' })
    );
  if (setup.unmanaged)
    return fail(`${setup.manager} leaves ${name} alone`, { evidence: [at(setup.unmanaged.location, 'set by')] });
  const dhcp = setup.dhcp?.value === 'no' ? undefined : setup.dhcp;
  const sources = dhcp ? [...setup.addresses, dhcp] : setup.addresses;
  if (sources.length > 0)
    return pass(
      undefined,
      sources.map(({ location }) => at(location, 'set by')),
    );
  return fail(`${name} gets no address: neither a static one nor DHCP`, {
    expected: 'Address= or DHCP=',
    found: 'neither',
    evidence: [at(setup.location)],
  });
}

function judgeVlan({ name, vlan, parent }: NetworkInterfaceOptions, fact: NetworkFact): Verdict {
  const device = findDevice(fact, name);
  if (!device) return unreadManager(fact) ?? fail(`there is no VLAN ${name}`, { expected: name, found: 'none' });
  if (findCycle(fact, name)) return fail(`${name} stands on itself`, { evidence: [at(device.location)] });
  const under = findParent(fact, device);
  if (parent !== undefined && under && under.value !== parent)
    return fail(`${name} is stacked on ${under.value}, ${parent} wanted`, {
      expected: parent,
      found: under.value,
      evidence: [at(under.location, 'set by')],
    });
  if (vlan === undefined) return pass(undefined, under ? [at(under.location, 'set by')] : []);
  return judgeClaim({
    subject: `the VLAN id of ${name}`,
    wanted: vlan,
    found: device.vlanId?.value,
    domain: domains.text,
    evidence: [at(device.vlanId?.location ?? device.location, 'set by')],
  });
}
