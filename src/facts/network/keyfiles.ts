/**
 * NetworkManager connections as keyfiles (nm-settings-keyfile(5)): /etc over /run over /usr/lib by file name, only files that
 * nobody but root may write or read count. Read are interface, addresses, and how VLANs, bonds and bridges are stacked.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import type { Gap } from '../fact.ts';
import { parseUnitFile } from '../systemd/unit-file-parser.ts';
import type { InterfaceSetup, NetworkDevice, NetworkProblem, Sourced } from './network-fact.ts';
import { optional } from './networkd.ts';

export interface Connections {
  readonly setups: readonly InterfaceSetup[];
  readonly devices: readonly NetworkDevice[];
  readonly problems: readonly NetworkProblem[];
  readonly gaps: readonly Gap[];
}

const directories = ['/etc', '/run', '/usr/lib'].map((prefix) => `${prefix}/NetworkManager/system-connections`);

/** Every connection NetworkManager would load. */
export function readKeyfiles(view: RootView): Connections {
  const listed = listConfFiles(view, directories, '.nmconnection');
  const read = readConfTexts(view, listed.files);
  const problems: NetworkProblem[] = [];
  const gaps: Gap[] = [...listed.gaps, ...read.gaps];
  const parsed = read.texts.flatMap(({ file, text }) => {
    const refusal = modeRefusal(view, file.path, gaps);
    if (refusal === undefined) return [parseKeyfile(text, file.location, problems)];
    problems.push({ message: refusal, location: file.location });
    return [];
  });
  return {
    setups: parsed.flatMap(({ setup }) => (setup ? [setup] : [])),
    devices: parsed.flatMap(({ device }) => (device ? [device] : [])),
    problems,
    gaps,
  };
}

/** NetworkManager ignores files that others can read: they may hold secrets. */
function modeRefusal(view: RootView, path: string, gaps: Gap[]): string | undefined {
  try {
    const stat = view.stat(path);
    if (!stat || path.startsWith('/usr/lib/')) return undefined;
    if (stat.uid === 0 && (stat.mode & 0o077) === 0) return undefined;
    return 'NetworkManager ignores a connection that others than root can read';
  } catch (thrown) {
    gaps.push({ cause: damageFrom(asImageError(thrown)) });
    return undefined;
  }
}

type Values = ReadonlyMap<string, Sourced>;

const deviceKinds: Readonly<Record<string, string>> = { vlan: 'vlan', bond: 'bond', bridge: 'bridge', dummy: 'dummy' };

/** One connection: what it does with its interface, and the device it makes. */
export function parseKeyfile(
  text: string,
  place: Location,
  problems: NetworkProblem[],
): { readonly setup?: InterfaceSetup; readonly device?: NetworkDevice } {
  const file = parseUnitFile(text, () => true);
  for (const { message, line } of file.fatal ? [file.fatal] : [])
    problems.push({ message, location: { ...place, line } });
  const values = new Map<string, Sourced>();
  for (const { section, key, value, line } of file.assignments)
    values.set(`${section}.${key}`, { value, location: { ...place, line } });
  if (values.get('connection.autoconnect')?.value === 'false') return {};
  const name = values.get('connection.interface-name');
  const kind = deviceKinds[values.get('connection.type')?.value ?? ''];
  const base = { manager: 'NetworkManager', location: place } as const;
  const setup: InterfaceSetup = {
    ...base,
    origin: 'keyfile',
    match: [{ key: 'Name', negated: false, patterns: [name?.value ?? '*'] }],
    addresses: numbered(values, /^ipv[46]\.address(?:es)?\d*$/),
    gateways: numbered(values, /^ipv[46]\.gateway$/),
    vlans: [],
    forwarding: [],
    ...optional('dhcp', dhcpOf(values)),
    ...masterOf(values),
  };
  if (kind === undefined || !name) return { setup };
  const options = bondOptions(values);
  const device: NetworkDevice = {
    ...base,
    name: name.value,
    kind,
    members: [],
    ...optional('vlanId', values.get('vlan.id')),
    ...optional('parent', values.get('vlan.parent')),
    ...optional('bondMode', options.get('mode')),
    ...optional('miiMonitor', options.get('miimon')),
    ...optional('primary', options.get('primary')),
  };
  return { setup, device };
}

function numbered(values: Values, pattern: RegExp): readonly Sourced[] {
  return [...values].flatMap(([key, { value, location }]) =>
    pattern.test(key)
      ? value.split(/[;\s]+/).flatMap((one) => (one === '' ? [] : [{ value: one.replace(/,.*/, ''), location }]))
      : [],
  );
}

function dhcpOf(values: Values): Sourced | undefined {
  const method = values.get('ipv4.method');
  return method?.value === 'auto' ? { value: 'ipv4', location: method.location } : undefined;
}

function masterOf(values: Values): Pick<InterfaceSetup, 'bond' | 'bridge'> {
  const master = values.get('connection.controller') ?? values.get('connection.master');
  const kind = (values.get('connection.port-type') ?? values.get('connection.slave-type'))?.value;
  if (!master) return {};
  return kind === 'bridge' ? { bridge: master } : { bond: master };
}

/** `[bond] options=` of old files and the single keys of new ones. */
function bondOptions(values: Values): Values {
  const options = new Map<string, Sourced>();
  for (const [key, sourced] of values) {
    if (!key.startsWith('bond.')) continue;
    if (key !== 'bond.options') options.set(key.slice('bond.'.length), sourced);
    else
      for (const part of sourced.value.split(',')) {
        const [option = '', value = ''] = part.split('=');
        options.set(option, { value, location: sourced.location });
      }
  }
  return options;
}
