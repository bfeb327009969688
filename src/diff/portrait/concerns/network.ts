/** Interfaces as the network managers would set them up, devices made by software, names, and which manager starts. */
import type {
  AssignedName,
  InterfaceSetup,
  ManagerStart,
  MatchCondition,
  NetworkDevice,
  OtherSettings,
  Sourced,
} from '../../../facts/network/network-fact.ts';
import { createTable } from '../../../table.ts';
import { type Concern, firstOfEach, makeRecord } from '../concern.ts';

const valuesOf = (list: readonly Sourced[]) => ({
  values: list.map(({ value }) => value),
  ...(list[0] ? { at: list[0].location } : {}),
});
const listOf = (list: readonly Sourced[]) => (list.length > 0 ? valuesOf(list) : undefined);

export const networkConcern: Concern = {
  id: 'network',
  title: 'network',
  needs: ['network'],
  describe: (facts) => {
    const { naming, managers, setups, devices, forwarding } = facts.get('network');
    // Of two setups for one interface the first is the one that counts.
    return firstOfEach([
      ...managers.filter(({ state }) => state !== 'not started').map(describeManager),
      // What a command line decides is not to be told of a root without one.
      ...(naming.kernelNames === 'unknown'
        ? []
        : [makeRecord('kernel names of interfaces', { value: naming.kernelNames }, naming.location)]),
      ...naming.assigned.map(describeName),
      ...forwarding.map(({ key, ...value }) => makeRecord(`networkd.conf ${key}`, { value })),
      ...devices.map(describeDevice),
      ...setups.map(describeSetup),
    ]);
  },
};

function describeManager({ manager, state, location }: ManagerStart) {
  return makeRecord(`manager ${manager}`, { value: state }, location);
}

function describeName({ name, match, by, location }: AssignedName) {
  return makeRecord(`name ${name}`, { by, match: match.map(formatCondition) }, location);
}

function describeDevice(device: NetworkDevice) {
  const { name, kind, manager, vlanId, parent, members, bondMode, miiMonitor, primary, location } = device;
  return makeRecord(
    `device ${name}`,
    {
      kind,
      manager,
      'VLAN id': vlanId,
      parent,
      members: listOf(members),
      'bond mode': bondMode,
      'MII monitor': miiMonitor,
      primary,
      ...describeOthers(device.others),
    },
    location,
  );
}

function describeSetup(setup: InterfaceSetup) {
  const { manager, match, dhcp, addresses, gateways, vlans, bond, bridge, primary, unmanaged, location } = setup;
  return makeRecord(
    `interface ${nameOf(match)}`,
    {
      manager,
      DHCP: dhcp,
      addresses: listOf(addresses),
      gateways: listOf(gateways),
      VLANs: listOf(vlans),
      bond,
      bridge,
      primary,
      unmanaged,
      ...Object.fromEntries(setup.forwarding.map(({ key, ...value }) => [key, value])),
      ...describeOthers(setup.others),
    },
    location,
  );
}

const describeOthers = (others: OtherSettings = createTable()) =>
  Object.fromEntries(Object.entries(others).map(([name, values]) => [name, valuesOf(values)]));

/** The name where that is all it is matched by, else the conditions. */
function nameOf(match: readonly MatchCondition[]): string {
  const [first] = match;
  const isName = match.length === 1 && first?.key === 'Name' && !first.negated;
  return isName ? first.patterns.join(' ') : match.map(formatCondition).join(', ');
}

function formatCondition({ key, patterns, negated }: MatchCondition): string {
  return `${key}=${negated ? '!' : ''}${patterns.join(' ')}`;
}
