/**
 * From the facts of an image to its record. What is only decided on the running machine is left out: a name made of the machine's id,
 * an address from DHCP, a token that comes later.
 */
import { createHash } from 'node:crypto';
import type { FactId } from '../../facts/fact.ts';
import type { K3sFact, K3sSetting } from '../../facts/k3s/k3s-fact.ts';
import { managerState } from '../../facts/network/interface-graph.ts';
import type { InterfaceSetup, NetworkFact } from '../../facts/network/network-fact.ts';
import type { FactLookup } from '../check.ts';
import { type FactSource, RecordingLookup } from '../recording-lookup.ts';
import { addressOf } from '../rules/network/cidr.ts';
import type { ClusterNode, Told } from './cluster-node.ts';

export const nodeFacts: readonly FactId[] = ['k3s', 'network', 'platform', 'text'];

/** Values of k3s for what is not set. */
const ranges: Readonly<Record<string, string>> = {
  'cluster-cidr': '10.42.0.0/16',
  'service-cidr': '10.43.0.0/16',
  'cluster-dns': '10.43.0.10',
  'cluster-domain': 'cluster.local',
};

/** Interfaces inside one machine: their addresses are the same on every node, and meet nobody. */
const internalKinds = new Set(['bridge', 'dummy', 'veth', 'tun', 'tap', 'sit', 'ifb', 'nlmon', 'wireguard']);
const internalAddress = /^(?:0\.|127\.|169\.254\.|::|fe80:)/i;

/** Undefined for an image that is no k3s node, or both kinds of one. */
export async function describeNode(facts: FactSource): Promise<ClusterNode | undefined> {
  await facts.prepare?.(nodeFacts);
  const lookup = new RecordingLookup(facts, nodeFacts);
  const k3s = lookup.get('k3s');
  if (k3s.role !== 'server' && k3s.role !== 'agent') return undefined;
  const network = lookup.get('network');
  const { settings } = k3s;
  const joins = toldBy(settings.server);
  const node = {
    role: k3s.role,
    ...optional('name', nameOf(settings, lookup)),
    ...optional('machineId', machineIdOf(lookup)),
    addresses: addressesOf(settings, network),
    aliases: ['tls-san', 'node-external-ip', 'advertise-address'].flatMap((flag) => valuesOf(settings[flag])),
    ...optional('version', versionOf(k3s)),
    tokens: tokensOf(k3s, lookup),
    ...optional('joins', joins),
    ranges: k3s.role === 'server' ? rangesOf(settings) : [],
    vlans: network.devices.flatMap(({ name, vlanId }) => (vlanId ? [{ interface: name, ...vlanId }] : [])),
  };
  const { gap } = lookup;
  if (gap) return { ...node, incomplete: gap.cause.message };
  return { ...node, ...optional('starts', startOf(k3s)) };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

function toldBy(setting: K3sSetting | undefined): Told | undefined {
  const value = setting?.values.at(-1);
  return setting && value !== undefined && value !== '' ? { value, location: setting.location } : undefined;
}

function valuesOf(setting: K3sSetting | undefined): readonly string[] {
  return (setting?.values ?? []).flatMap((value) => value.split(',')).map((value) => value.trim());
}

function nameOf(settings: K3sFact['settings'], lookup: FactLookup): Told | undefined {
  if (settings['with-node-id']?.values.at(-1) === 'true') return undefined;
  const told = toldBy(settings['node-name']) ?? lookup.get('platform').hostname;
  return told && told.value !== '' ? { value: told.value.toLowerCase(), location: told.location } : undefined;
}

/** An id that is empty or `uninitialized` is made at the first boot. */
function machineIdOf(lookup: FactLookup): Told | undefined {
  const { text = '', location } = lookup.get('text', '/etc/machine-id');
  const value = text.trim();
  return /^[0-9a-f]{32}$/.test(value) ? { value, location } : undefined;
}

function addressesOf(settings: K3sFact['settings'], network: NetworkFact): readonly Told[] {
  const given = settings['node-ip'];
  const own = network.setups.filter((setup) => isBetweenMachines(setup, network)).flatMap(({ addresses }) => addresses);
  const set = given ? valuesOf(given).map((value) => ({ value, location: given.location })) : [];
  const known = new Set(own.map(({ value }) => addressOf(value)));
  return [...own, ...set.filter(({ value }) => !known.has(addressOf(value)))].filter(
    ({ value }) => !internalAddress.test(value),
  );
}

function isBetweenMachines({ manager, match }: InterfaceSetup, network: NetworkFact): boolean {
  if (managerState(network, manager) === 'not started') return false;
  const names = match.filter(({ key }) => key === 'Name').flatMap(({ patterns }) => patterns);
  const kinds = match.filter(({ key }) => key === 'Kind').flatMap(({ patterns }) => patterns);
  const own = network.devices.filter(({ name }) => names.includes(name)).map(({ kind }) => kind);
  return ![...kinds, ...own].some((kind) => internalKinds.has(kind));
}

function versionOf({ version, program }: K3sFact): Told | undefined {
  return version === undefined || !program ? undefined : { value: version, location: program.location };
}

function tokensOf({ tokens, role, dataDir }: K3sFact, lookup: FactLookup): ClusterNode['tokens'] {
  const given = tokens.flatMap(({ flag, value, isFile, location }) => {
    const who = flag.startsWith('agent-') ? ('agents' as const) : ('servers' as const);
    if (!isFile) return [{ value: digestOf(value), location, for: who }];
    const file = lookup.get('text', value);
    return file.state === 'present' ? [{ value: digestOf(file.text ?? ''), location: file.location, for: who }] : [];
  });
  // Without any setting a server takes the token of its own file.
  if (role !== 'server' || tokens.some(({ flag }) => !flag.startsWith('agent-'))) return given;
  const file = lookup.get('text', `${dataDir}/server/token`);
  if (file.state !== 'present') return given;
  return [{ value: digestOf(file.text ?? ''), location: file.location, for: 'servers' }, ...given];
}

/** Of the secret alone: `K10<digest of the CA>::<user>:<secret>` names the same one. Too short to be turned back into it. */
function digestOf(token: string): string {
  const secret = token.trim().replace(/^K10[0-9a-f]{64}::(?:[^:]*:)?/, '');
  return createHash('sha256').update(`check-image token ${secret}`).digest('hex').slice(0, 8);
}

function rangesOf(settings: K3sFact['settings']): ClusterNode['ranges'] {
  return Object.entries(ranges).map(([flag, preset]) => {
    const setting = settings[flag];
    const value = setting ? valuesOf(setting).join(',') : preset;
    return setting ? { flag, value, location: setting.location } : { flag, value };
  });
}

/** A server that joins another, or whose data others keep, does not start a cluster of its own. */
function startOf({ role, settings, program }: K3sFact): ClusterNode['starts'] {
  if (role !== 'server' || toldBy(settings.server)) return undefined;
  const datastore = toldBy(settings['datastore-endpoint'])?.value ?? '';
  if (/^(?:mysql|postgres(?:ql)?|https?|nats|etcd):/.test(datastore)) return undefined;
  return settings['cluster-init']?.location ?? program?.location;
}
