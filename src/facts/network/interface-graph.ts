/**
 * Questions to the network fact: which setup an interface gets, and on what it stands. Pure; chains of parents that come
 * back to themselves end there.
 */
import { type InterfaceIdentity, literalNames, matchInterface } from './match-interface.ts';
import type { InterfaceSetup, ManagerName, NetworkDevice, NetworkFact, Sourced } from './network-fact.ts';

type Configuration = Pick<NetworkFact, 'setups' | 'devices' | 'managers'>;

export interface ChosenSetup {
  /** The one that counts, if no earlier one that only perhaps matches takes the interface. */
  readonly setup?: InterfaceSetup;
  /** Setups tried before it that match depending on the machine. */
  readonly perhaps: readonly InterfaceSetup[];
}

/** Whether the boot starts a manager. */
export function managerState(
  fact: Pick<NetworkFact, 'managers'>,
  name: ManagerName,
): 'started' | 'not started' | 'unknown' {
  return fact.managers.find(({ manager }) => manager === name)?.state ?? 'not started';
}

/** The device of that name, of a manager that is started if there is one. */
export function findDevice(fact: Configuration, name: string): NetworkDevice | undefined {
  const found = fact.devices.filter((device) => device.name === name);
  return found.find(({ manager }) => managerState(fact, manager) !== 'not started') ?? found[0];
}

/** The setup an interface gets from one manager: the first that matches. */
export function findSetup(fact: Configuration, name: string, manager?: ManagerName): ChosenSetup {
  const kind = findDevice(fact, name)?.kind;
  const identity: InterfaceIdentity = kind === undefined ? { name } : { name, kind };
  const perhaps: InterfaceSetup[] = [];
  for (const setup of fact.setups) {
    if (manager === undefined ? managerState(fact, setup.manager) === 'not started' : setup.manager !== manager)
      continue;
    const state = matchInterface(setup.match, identity);
    if (state === 'yes') return { setup, perhaps };
    if (state === 'perhaps') perhaps.push(setup);
  }
  return { perhaps };
}

/** Where an interface is stacked: by the device itself (NetworkManager, ifupdown, netplan) or by `VLAN=` of its parent. */
export function findParent(fact: Configuration, device: NetworkDevice): Sourced | undefined {
  if (device.parent) return device.parent;
  for (const setup of fact.setups) {
    const listed = setup.vlans.find(({ value }) => value === device.name);
    const [parent] = listed ? parentsOf(fact, setup) : [];
    if (listed && parent !== undefined) return { value: parent, location: listed.location };
  }
  return undefined;
}

/** Names one match may spell out; what lies beyond is not followed. */
const MAX_NAMES = 64;

/** Interfaces a setup really is for: the names it spells out, if it is the first that matches them. */
function parentsOf(fact: Configuration, setup: InterfaceSetup): readonly string[] {
  const stacked = fact.devices.filter(({ name, kind }) => matchInterface(setup.match, { name, kind }) === 'yes');
  const names = new Set([...literalNames(setup.match), ...stacked.map(({ name }) => name)]);
  return [...names].slice(0, MAX_NAMES).filter((name) => findSetup(fact, name, setup.manager).setup === setup);
}

/** Interfaces that join a bond or bridge, each with the line that says so. */
export function findMembers(fact: Configuration, device: NetworkDevice): readonly Sourced[] {
  const joined = fact.setups.flatMap((setup): readonly Sourced[] => {
    const master = device.kind === 'bridge' ? setup.bridge : setup.bond;
    if (master?.value !== device.name) return [];
    return literalNames(setup.match).map((value) => ({ value, location: master.location }));
  });
  return [...device.members, ...joined];
}

/** The hardware an interface finally stands on: itself, the parents of VLANs, the members of bonds. */
export function findHardware(fact: Configuration, name: string): readonly string[] {
  const hardware = new Set<string>();
  const seen = new Set<string>();
  const queue = [name];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const device = findDevice(fact, next);
    const below = device ? belowOf(fact, device) : [];
    if (!device) hardware.add(next);
    else queue.push(...below.map(({ value }) => value));
  }
  return [...hardware];
}

/** The interfaces a device is directly made of. */
export function belowOf(fact: Configuration, device: NetworkDevice): readonly Sourced[] {
  if (device.kind !== 'vlan') return findMembers(fact, device);
  const parent = findParent(fact, device);
  return parent ? [parent] : [];
}

/** The device that stands on itself, if following parents from `name` comes back to one. */
export function findCycle(fact: Configuration, name: string): NetworkDevice | undefined {
  const seen = new Set<string>();
  let device = findDevice(fact, name);
  while (device && device.kind === 'vlan') {
    if (seen.has(device.name)) return device;
    seen.add(device.name);
    const parent = findParent(fact, device);
    device = parent && findDevice(fact, parent.value);
  }
  return undefined;
}
