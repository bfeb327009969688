/**
 * Which network profile a node has: the profile whose interface (concept `cluster-interface` of the contract) the image
 * configures. Profiles with one interface are told apart by how it gets its address (concept `address-source`).
 */
import { findDevice } from '../facts/network/interface-graph.ts';
import { literalNames } from '../facts/network/match-interface.ts';
import type { InterfaceSetup, NetworkFact } from '../facts/network/network-fact.ts';
import type { Evidence, FactLookup } from './check.ts';
import type { Concept, Contract } from './contract.ts';
import type { Detection } from './detectors.ts';
import { at } from './verdict.ts';

const parameter = 'network';

/** The profile whose interface has most evidence in network files; where they say nothing, or of equals, the one k3s is told to use. */
export function detectNetworkProfile(facts: FactLookup, { concepts }: Contract): Detection {
  const network = facts.get('network', '', ['interfaces']);
  const profiles = valuesBy(concepts['cluster-interface']).map(([profile, name]) => {
    const evidence = configurationOf(network, name, valueFor(concepts['address-source'], profile));
    return { profile, name, evidence };
  });
  const most = Math.max(0, ...profiles.map(({ evidence }) => evidence.length));
  const best = profiles.filter(({ evidence }) => evidence.length === most);
  const [first] = best;
  if (first && best.length === 1) return { value: first.profile, evidence: first.evidence };
  // Only now: damage that touches k3s' arguments is no reason to doubt what the files say.
  const { settings } = facts.get('k3s', '', ['arguments', 'environment', 'settings', 'flannel-iface']);
  const flag = settings['flannel-iface'];
  const told = best.find(({ name }) => name === flag?.values.at(-1));
  if (!told || !flag)
    return most > 0 && first ? { value: first.profile, evidence: first.evidence } : { value: undefined, evidence: [] };
  return {
    value: told.profile,
    evidence: [...told.evidence, at(flag.location, 'because', `--flannel-iface=${told.name}`)],
  };
}

/** Values of the parameter with the concept's name for each. */
function valuesBy(concept: Concept | undefined): readonly (readonly [string, string])[] {
  return (concept?.variants ?? []).flatMap(({ when, value }) =>
    (when?.[parameter] ?? []).map((profile) => [profile, value] as const),
  );
}

function valueFor(concept: Concept | undefined, profile: string): string | undefined {
  return concept?.variants.find(({ when }) => when?.[parameter]?.includes(profile) ?? true)?.value;
}

/** What the files say of an interface: a device of that name, a parent that names it, a setup of its own with an address. */
function configurationOf(network: NetworkFact, name: string, source: string | undefined): Evidence[] {
  const evidence: Evidence[] = [];
  const device = findDevice(network, name);
  if (device) evidence.push(at(device.location, 'because', `defines ${name}`));
  const stacked = network.setups.flatMap(({ vlans }) => vlans).find(({ value }) => value === name);
  if (stacked) evidence.push(at(stacked.location, 'because', `VLAN=${name}`));
  const own = network.setups.find((setup) => literalNames(setup.match).includes(name) && hasAddress(setup, source));
  if (own) evidence.push(at(own.location, 'because', `configures ${name}`));
  return evidence;
}

function hasAddress({ addresses, dhcp }: InterfaceSetup, source: string | undefined): boolean {
  const usesDhcp = dhcp !== undefined && dhcp.value !== 'no';
  return source === 'dhcp'
    ? usesDhcp && addresses.length === 0
    : addresses.length > 0 || (source === undefined && usesDhcp);
}
