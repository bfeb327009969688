/** The fact `network`: naming of interfaces, the configuration of every network manager, and which of them start. */
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { confDirectories } from '../conf-files/conf-files.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import { readDhcpcd } from './dhcpcd.ts';
import { readIfupdown } from './ifupdown.ts';
import { readKeyfiles } from './keyfiles.ts';
import { readNaming } from './naming.ts';
import { type NetplanTexts, parseNetplan, readNetplanTexts, type Yaml } from './netplan.ts';
import type { ManagerName, ManagerStart, NetworkFact, NetworkPart } from './network-fact.ts';
import { readNetworkd } from './networkd.ts';
import { readNixosScripts } from './nixos-scripts.ts';

export const networkReader: FactReader<'network'> = {
  id: 'network',
  title: 'Names, addresses and stacking of network interfaces, as each network manager would set them up',
  reads: [
    ...confDirectories('systemd/network').map((directory) => `${directory}/*.{network,netdev,link}`),
    ...confDirectories('udev/rules.d').map((directory) => `${directory}/*.rules`),
    '/etc/systemd/networkd.conf',
    '/etc/NetworkManager/system-connections/*.nmconnection',
    '/etc/network/interfaces',
    '/etc/network/interfaces.d/*',
    '/etc/netplan/*.yaml',
    '/etc/dhcpcd.conf',
    'scripts of network-addresses-*.service and *-netdev.service',
  ],
  needs: ['startup', 'unit'],
  prepare: prepareYaml,
  read: readNetwork,
};

function netplanTexts(view: RootView, context: FactContext): NetplanTexts {
  return context.share('network/netplan', () => readNetplanTexts(view));
}

async function prepareYaml(view: RootView, context: FactContext): Promise<void> {
  if (netplanTexts(view, context).texts.length === 0) return;
  const yaml = await import('yaml');
  context.share<Yaml | undefined>('network/yaml', () => yaml);
}

function readNetwork(view: RootView, context: FactContext): FactResult<NetworkFact> {
  const naming = readNaming(view, context.image);
  const networkd = readNetworkd(view);
  const keyfiles = readKeyfiles(view);
  const ifupdown = readIfupdown(view);
  const { texts, gaps: netplanGaps } = netplanTexts(view, context);
  const yaml = context.share<Yaml | undefined>('network/yaml', () => undefined);
  if (texts.length > 0 && !yaml) throw new Error('the fact network was read before it was prepared');
  const netplan = yaml ? parseNetplan(texts, yaml) : { setups: [], devices: [], problems: [] };
  const scripts = readNixosScripts(view, context, localUnits(view));
  const dhcpcd = readDhcpcd(view, context);
  const sources = [netplan, networkd, keyfiles, ifupdown, scripts, dhcpcd];
  const startup = readManagers(view, context);
  const value: NetworkFact = {
    naming: naming.naming,
    managers: startup.managers,
    setups: sources.flatMap(({ setups }) => setups),
    devices: sources.flatMap(({ devices }) => devices),
    forwarding: networkd.forwarding,
    masked: networkd.masked,
    problems: [...naming.problems, ...sources.flatMap(({ problems }) => problems)],
  };
  const gaps = [
    ...keyed('naming', naming.gaps),
    ...keyed('interfaces', [
      ...networkd.gaps,
      ...keyfiles.gaps,
      ...ifupdown.gaps,
      ...scripts.gaps,
      ...dhcpcd.gaps,
      ...netplanGaps,
    ]),
    ...keyed('managers', startup.gaps),
  ];
  return { value, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

function keyed(part: NetworkPart, gaps: readonly Gap[]): readonly Gap[] {
  return gaps.map(({ cause }) => ({ cause, keys: [part] }));
}

const managerUnits: readonly (readonly [ManagerName, string])[] = [
  ['systemd-networkd', 'systemd-networkd.service'],
  ['NetworkManager', 'NetworkManager.service'],
  ['ifupdown', 'networking.service'],
  ['dhcpcd', 'dhcpcd.service'],
  ['connman', 'connman.service'],
];

/** Names in the unit directory of the administrator. If it cannot be read, that is a gap of the fact `startup` already. */
function localUnits(view: RootView): readonly string[] {
  try {
    return (view.list('/etc/systemd/system') ?? []).map(({ name }) => name);
  } catch (thrown) {
    asImageError(thrown);
    return [];
  }
}

function readManagers(
  view: RootView,
  context: FactContext,
): { managers: readonly ManagerStart[]; gaps: readonly Gap[] } {
  const { value, gaps } = context.get('startup');
  const script = localUnits(view).find((name) => name.startsWith('network-addresses-') && value.units[name]);
  const candidates = script === undefined ? managerUnits : [...managerUnits, ['scripts', script] as const];
  const managers = candidates.map(([manager, unit]): ManagerStart => {
    const start = value.units[unit];
    const location = start?.because.at(-1)?.location;
    const place = location ? { location } : {};
    if (start?.state === 'unknown') return { manager, unit, state: 'unknown', ...place };
    const isStarted = (start?.state === 'boot' || start?.state === 'demand') && start.skippedBecause === undefined;
    return { manager, unit, state: isStarted ? 'started' : 'not started', ...place };
  });
  const units = managerUnits.map(([, unit]) => unit);
  return { managers, gaps: gaps.filter(({ keys }) => !keys || keys.some((key) => units.includes(key))) };
}
