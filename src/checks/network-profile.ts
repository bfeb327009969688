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

/** The profile with the most evidence; of equals the first of the contract. */
export function detectNetworkProfile(facts: FactLookup, { concepts }: Contract): Detection {
  const network = facts.get('network', '', ['interfaces']);
  const { settings } = facts.get('k3s', '', ['arguments', 'environment', 'settings', 'flannel-iface']);
  const flag = settings['flannel-iface'];
  let best: Detection & { readonly score: number } = { value: undefined, evidence: [], score: 0 };
  for (const [profile, name] of valuesBy(concepts['cluster-interface'])) {
    const evidence = configurationOf(network, name, valueFor(concepts['address-source'], profile));
    if (flag?.values.at(-1) === name) evidence.push(at(flag.location, 'because', `--flannel-iface=${name}`));
    if (evidence.length > best.score) best = { value: profile, evidence, score: evidence.length };
  }
  return { value: best.value, evidence: best.evidence };
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
