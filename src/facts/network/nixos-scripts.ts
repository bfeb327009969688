/**
 * The units NixOS makes for interfaces where it does not use networkd (nixpkgs: nixos/modules/tasks/network-interfaces-scripted.nix):
 * `network-addresses-NAME.service` gives addresses, `NAME-netdev.service` makes VLANs, bonds and bridges. Each starts a script whose
 * `ip` commands say everything; macvlan, tunnels and routes are not followed.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, Gap } from '../fact.ts';
import type { Interfaces } from './ifupdown.ts';
import type { InterfaceSetup, NetworkDevice, Sourced } from './network-fact.ts';
import { optional } from './networkd.ts';

const unitName = /^(?:network-addresses-(.+)|(.+)-netdev)\.service$/;
/** A script of this size is none of them. */
const MAX_SCRIPT = 256 * 1024;

/** What the scripts of these units do; `names`: the units of /etc/systemd/system. */
export function readNixosScripts(view: RootView, context: FactContext, names: readonly string[]): Interfaces {
  const gaps: Gap[] = [];
  const setups: InterfaceSetup[] = [];
  const devices: NetworkDevice[] = [];
  for (const unit of names.filter((name) => unitName.test(name))) {
    try {
      const script = readScript(view, context, unit);
      if (!script) continue;
      const parsed = parseScript(script.text, script.location);
      setups.push(...parsed.setups);
      devices.push(...parsed.devices);
    } catch (thrown) {
      gaps.push({ cause: damageFrom(asImageError(thrown)) });
    }
  }
  return { setups, devices, problems: [], gaps };
}

function readScript(
  view: RootView,
  context: FactContext,
  unit: string,
): { readonly text: string; readonly location: Location } | undefined {
  const start = context.get('unit', unit).value.directives['Service.ExecStart']?.values[0]?.value;
  const path = start
    ?.trim()
    .split(/\s+/)[0]
    ?.replace(/^[@\-:+!|]+/, '');
  if (path === undefined || !path.startsWith('/')) return undefined;
  const stat = view.stat(path);
  if (stat?.type !== 'file' || stat.size > MAX_SCRIPT) return undefined;
  return { text: view.readText(path) ?? '', location: view.locate(path) };
}

/** The `ip` commands of a script, in its order. */
export function parseScript(text: string, place: Location): Pick<Interfaces, 'setups' | 'devices'> {
  const addresses = new Map<string, Sourced[]>();
  const masters: { readonly member: string; readonly master: Sourced }[] = [];
  const devices: NetworkDevice[] = [];
  for (const { words, location } of findIpCommands(text, place)) {
    const after = (key: string): string | undefined => {
      const at = words.indexOf(key, 2);
      return at < 0 ? undefined : words[at + 1];
    };
    const [object, action, first = ''] = words;
    const name = after('dev');
    if ((object === 'addr' || object === 'address') && (action === 'add' || action === 'replace') && name) {
      if (!addresses.has(name)) addresses.set(name, []);
      if (/^[0-9a-f.:]+\/\d+$/i.test(first)) addresses.get(name)?.push({ value: first, location });
    } else if (object === 'link' && action === 'add') {
      const device = toDevice(after, location);
      if (device) devices.push(device);
    } else if (object === 'link' && action === 'set') {
      const master = after('master');
      const member = name ?? first;
      if (master !== undefined && member !== '') masters.push({ member, master: { value: master, location } });
    }
  }
  const setups = [...addresses].map(([name, list]) => toSetup(name, list, list[0]?.location ?? place));
  const joined = devices.map((device) => {
    const members = masters.filter(({ master }) => master.value === device.name);
    return { ...device, members: members.map(({ member, master }) => ({ value: member, location: master.location })) };
  });
  return { setups, devices: joined };
}

/** Words behind `ip` and its options, quotes removed; lines that end in a backslash go on. */
function* findIpCommands(text: string, place: Location): Iterable<{ words: readonly string[]; location: Location }> {
  let pending = '';
  let start = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    if (pending === '') start = index + 1;
    if (raw.endsWith('\\')) {
      pending += `${raw.slice(0, -1)} `;
      continue;
    }
    const line = pending + raw;
    pending = '';
    if (line.trimStart().startsWith('#') || line.trimStart().startsWith('echo')) continue;
    for (const command of line.split(/[;&|]|\$\(/)) {
      const words = command.replace(/["')]/g, '').split(/\s+/);
      const at = words.findIndex((word) => word === 'ip' || word.endsWith('/bin/ip'));
      if (at < 0) continue;
      const rest = words.slice(at + 1).filter((word) => word !== '' && !/^-[\w-]+$/.test(word));
      yield { words: rest, location: { ...place, line: start } };
    }
  }
}

function toDevice(after: (key: string) => string | undefined, location: Location): NetworkDevice | undefined {
  const [name, kind] = [after('name'), after('type')];
  if (name === undefined || (kind !== 'vlan' && kind !== 'bond' && kind !== 'bridge')) return undefined;
  const sourced = (value: string | undefined): Sourced | undefined =>
    value === undefined ? undefined : { value, location };
  return {
    name,
    kind,
    manager: 'scripts',
    location,
    members: [],
    ...optional('vlanId', kind === 'vlan' ? sourced(after('id')) : undefined),
    ...optional('parent', kind === 'vlan' ? sourced(after('link')) : undefined),
    ...optional('bondMode', sourced(after('mode'))),
    ...optional('miiMonitor', sourced(after('miimon'))),
    ...optional('primary', sourced(after('primary'))),
  };
}

function toSetup(name: string, addresses: readonly Sourced[], location: Location): InterfaceSetup {
  return {
    manager: 'scripts',
    origin: 'scripts',
    location,
    match: [{ key: 'Name', negated: false, patterns: [name] }],
    addresses,
    gateways: [],
    vlans: [],
    forwarding: [],
  };
}
