/**
 * systemd-networkd: `.network` files as setups and `.netdev` files as devices, systemd.network(5) and systemd.netdev(5).
 * Understood are the keys that decide which interfaces exist, how they are stacked, and how they get addresses; others are kept.
 */
import type { RootView } from '../../root/root-view.ts';
import { createTable } from '../../table.ts';
import type { Gap } from '../fact.ts';
import { parseTimeSpan } from '../systemd/values/time-span.ts';
import type {
  InterfaceSetup,
  NetworkDevice,
  NetworkFact,
  NetworkProblem,
  OtherSettings,
  Sourced,
} from './network-fact.ts';
import {
  lastValue,
  listValues,
  type NetworkdFile,
  parseMatch,
  readNetworkdFiles,
  readNetworkdSettings,
} from './networkd-files.ts';

export type NetworkdConfiguration = Pick<NetworkFact, 'setups' | 'devices' | 'forwarding' | 'masked' | 'problems'> & {
  readonly gaps: readonly Gap[];
};

const forwardingKeys = ['IPForward', 'IPv4Forwarding', 'IPv6Forwarding'] as const;

/** Everything networkd would read. */
export function readNetworkd(view: RootView): NetworkdConfiguration {
  const networks = readNetworkdFiles(view, '.network');
  const netdevs = readNetworkdFiles(view, '.netdev');
  const settings = readNetworkdSettings(view);
  const problems: NetworkProblem[] = [...networks.problems, ...netdevs.problems, ...settings.problems];
  return {
    setups: networks.files.map(toSetup),
    devices: netdevs.files.flatMap((file) => toDevice(file, problems)),
    forwarding: settings.files.flatMap(forwardingOf),
    masked: [...networks.masked, ...netdevs.masked, ...settings.masked],
    problems,
    gaps: [...networks.gaps, ...netdevs.gaps, ...settings.gaps],
  };
}

function toSetup(file: NetworkdFile): InterfaceSetup {
  const unmanaged = lastValue(file, 'Link', 'Unmanaged');
  const primary = lastValue(file, 'Network', 'PrimarySlave');
  const isOn = (one: Sourced | undefined): one is Sourced =>
    one !== undefined && /^(?:1|yes|y|true|t|on)$/i.test(one.value);
  return {
    manager: 'systemd-networkd',
    origin: 'networkd',
    location: file.location,
    match: parseMatch(file),
    addresses: [...listValues(file, 'Network', 'Address'), ...listValues(file, 'Address', 'Address')],
    gateways: [...listValues(file, 'Network', 'Gateway'), ...listValues(file, 'Route', 'Gateway')],
    vlans: listValues(file, 'Network', 'VLAN').flatMap(splitWords),
    forwarding: forwardingOf(file),
    ...optional('dhcp', dhcpOf(lastValue(file, 'Network', 'DHCP'))),
    ...optional('bond', lastValue(file, 'Network', 'Bond')),
    ...optional('bridge', lastValue(file, 'Network', 'Bridge')),
    ...(isOn(primary) ? { primary } : {}),
    ...(isOn(unmanaged) ? { unmanaged } : {}),
    ...optional('others', othersOf(file, setupKeys)),
  };
}

/** Settings that are parts of a setup, or of a device, by themselves. */
const setupKeys =
  /^(?:Match\..*|Network\.(?:Address|Gateway|VLAN|DHCP|Bond|Bridge|PrimarySlave|IPForward|IPv[46]Forwarding)|Address\.Address|Route\.Gateway|Link\.Unmanaged)$/;
const deviceKeys = /^(?:Match\..*|NetDev\.(?:Name|Kind)|VLAN\.Id|Bond\.(?:Mode|MIIMonitorSec))$/;

function othersOf(file: NetworkdFile, known: RegExp): OtherSettings | undefined {
  const others = createTable<readonly Sourced[]>();
  for (const { section, key } of file.assignments) {
    const name = `${section}.${key}`;
    if (known.test(name) || others[name]) continue;
    const values = listValues(file, section, key);
    if (values.length > 0) others[name] = values.map(({ value, location }) => ({ value, location }));
  }
  return Object.keys(others).length > 0 ? others : undefined;
}

function forwardingOf(file: NetworkdFile): InterfaceSetup['forwarding'] {
  return forwardingKeys.flatMap((key) => {
    const one = lastValue(file, 'Network', key);
    return one ? [{ key, value: one.value, location: one.location }] : [];
  });
}

function splitWords({ value, location }: Sourced): readonly Sourced[] {
  return value.split(/\s+/).map((word) => ({ value: word, location }));
}

const dhcpWords: Readonly<Record<string, string>> = {
  both: 'yes',
  v4: 'ipv4',
  v6: 'ipv6',
  none: 'no',
  true: 'yes',
  false: 'no',
  on: 'yes',
  off: 'no',
  '1': 'yes',
  '0': 'no',
};

function dhcpOf(setting: Sourced | undefined): Sourced | undefined {
  if (!setting) return undefined;
  const word = setting.value.toLowerCase();
  return { value: Object.hasOwn(dhcpWords, word) ? (dhcpWords[word] as string) : word, location: setting.location };
}

/** Interface names the kernel takes (IFNAMSIZ). */
const validName = /^[^\s/:]{1,15}$/;

function toDevice(file: NetworkdFile, problems: NetworkProblem[]): readonly NetworkDevice[] {
  const name = lastValue(file, 'NetDev', 'Name');
  const kind = lastValue(file, 'NetDev', 'Kind');
  if (!name || !kind) {
    const missing = name ? 'Kind=' : 'Name=';
    problems.push({ message: `${file.name} has no ${missing}: networkd ignores the file`, location: file.location });
    return [];
  }
  if (!validName.test(name.value) || name.value === '.' || name.value === '..') {
    problems.push({ message: `'${name.value}' is no name for an interface`, location: name.location });
    return [];
  }
  return [
    {
      name: name.value,
      kind: kind.value.toLowerCase(),
      manager: 'systemd-networkd',
      location: file.location,
      members: [],
      ...optional('vlanId', lastValue(file, 'VLAN', 'Id')),
      ...optional('bondMode', lastValue(file, 'Bond', 'Mode')),
      ...optional('miiMonitor', milliseconds(lastValue(file, 'Bond', 'MIIMonitorSec'))),
      ...optional('others', othersOf(file, deviceKeys)),
    },
  ];
}

function milliseconds(setting: Sourced | undefined): Sourced | undefined {
  const span = setting && parseTimeSpan(setting.value);
  return span === undefined || !setting ? setting : { value: String(span / 1000n), location: setting.location };
}

/** `{ key: value }`, or nothing without a value. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
