/**
 * dhcpcd.conf(5): which interfaces dhcpcd takes (`allowinterfaces`, `denyinterfaces`), and what it does with one (`interface`,
 * `static ip_address=`, `static routers=`). Conditions on profiles and SSIDs are not followed. Without `interface` lines it asks for
 * an address on every interface it takes.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, Gap } from '../fact.ts';
import type { Interfaces } from './ifupdown.ts';
import type { InterfaceSetup, MatchCondition, Sourced } from './network-fact.ts';
import { optional } from './networkd.ts';

const unit = 'dhcpcd.service';
const defaultFile = '/etc/dhcpcd.conf';

/** Setups of the file that the unit names, else of the usual one; none if there is no such file. */
export function readDhcpcd(view: RootView, context: FactContext): Interfaces {
  const gaps: Gap[] = [];
  const setups: InterfaceSetup[] = [];
  try {
    const path = view.find('/etc/systemd/system/dhcpcd.service') ? findConfiguration(context) : defaultFile;
    const text = view.readText(path);
    if (text !== undefined) setups.push(...parseDhcpcd(text, view.locate(path)));
  } catch (thrown) {
    gaps.push({ cause: damageFrom(asImageError(thrown)) });
  }
  return { setups, devices: [], problems: [], gaps };
}

/** `--config FILE` or `-f FILE`, as NixOS writes it. */
function findConfiguration(context: FactContext): string {
  const start = context.get('unit', unit).value.directives['Service.ExecStart']?.values[0]?.value ?? '';
  return /\s(?:--config|-f)[=\s](\S+)/.exec(start)?.[1] ?? defaultFile;
}

interface Block {
  readonly name: string;
  readonly location: Location;
  readonly addresses: Sourced[];
  readonly gateways: Sourced[];
}

export function parseDhcpcd(text: string, place: Location): readonly InterfaceSetup[] {
  const blocks: Block[] = [];
  const allowed: string[] = [];
  const denied: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const location = { ...place, line: index + 1 };
    const [key = '', ...values] = raw.trim().split(/\s+/);
    if (key === 'allowinterfaces') allowed.push(...values);
    else if (key === 'denyinterfaces') denied.push(...values);
    else if (key === 'interface') blocks.push({ name: values[0] ?? '', location, addresses: [], gateways: [] });
    else if (key === 'static') {
      const [name = '', value = ''] = values.join(' ').split('=');
      const list =
        name === 'ip_address' ? blocks.at(-1)?.addresses : name === 'routers' ? blocks.at(-1)?.gateways : undefined;
      list?.push(...value.split(/\s+/).map((one) => ({ value: one, location })));
    }
  }
  const taken: readonly MatchCondition[] = [
    { key: 'Name', negated: false, patterns: allowed.length > 0 ? allowed : ['*'] },
    { key: 'Name', negated: true, patterns: ['lo', ...denied] },
  ];
  const own = blocks.map(({ name, location, addresses, gateways }) =>
    toSetup([{ key: 'Name', negated: false, patterns: [name] }, ...taken], location, addresses, gateways),
  );
  return [...own, toSetup(taken, place, [], [])];
}

function toSetup(
  match: readonly MatchCondition[],
  location: Location,
  addresses: readonly Sourced[],
  gateways: readonly Sourced[],
): InterfaceSetup {
  return {
    manager: 'dhcpcd',
    origin: 'dhcpcd',
    location,
    match,
    addresses,
    gateways,
    vlans: [],
    forwarding: [],
    ...optional('dhcp', addresses.length === 0 ? { value: 'yes', location } : undefined),
  };
}
