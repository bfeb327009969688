/**
 * netplan (netplan.io): YAML below /etc, /run and /usr/lib netplan directories, which a generator renders to networkd or
 * NetworkManager at boot. Files are read in name order; a later one replaces what an earlier one said of the same interface's
 * key. Read are ethernets, vlans, bonds and bridges. Aliases are refused: netplan files have none, bombs do.
 */
import type { YAMLMap } from 'yaml';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { type ConfText, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import type { Gap } from '../fact.ts';
import type {
  InterfaceSetup,
  ManagerName,
  MatchCondition,
  NetworkDevice,
  NetworkProblem,
  Sourced,
} from './network-fact.ts';
import { optional } from './networkd.ts';

export type Yaml = typeof import('yaml');

export interface NetplanTexts {
  readonly texts: readonly ConfText[];
  readonly gaps: readonly Gap[];
}

const directories = ['/run', '/etc', '/usr/lib'].map((prefix) => `${prefix}/netplan`);
const MAX_TEXT = 1 << 18;
const MAX_OPEN = 64;

/** The files, unparsed. */
export function readNetplanTexts(view: RootView): NetplanTexts {
  const listed = listConfFiles(view, directories, '.yaml');
  const { texts, gaps } = readConfTexts(view, listed.files);
  return { texts, gaps: [...listed.gaps, ...gaps] };
}

/** An interface definition after all files: its keys with the node of each and where it stands. */
interface Definition {
  readonly section: string;
  readonly keys: Map<string, { readonly node: unknown; readonly location: Location }>;
  readonly location: Location;
}

export interface Netplan {
  readonly setups: readonly InterfaceSetup[];
  readonly devices: readonly NetworkDevice[];
  readonly problems: readonly NetworkProblem[];
}

const sections = ['ethernets', 'vlans', 'bonds', 'bridges'] as const;

/** What the files together say. A file that is no YAML map is a problem and says nothing. */
export function parseNetplan(texts: readonly ConfText[], yaml: Yaml): Netplan {
  const problems: NetworkProblem[] = [];
  const definitions = new Map<string, Definition>();
  let manager: ManagerName = 'systemd-networkd';
  for (const { file, text } of texts) {
    const network = parseFile(text, file.location, yaml, problems);
    if (!network) continue;
    const renderer = network.map.get('renderer');
    if (typeof renderer === 'string') manager = renderer === 'NetworkManager' ? 'NetworkManager' : 'systemd-networkd';
    for (const section of sections) collect(network, section, definitions, yaml);
  }
  const all = [...definitions];
  const owners = { bonds: ownersIn(all, 'bonds', yaml), bridges: ownersIn(all, 'bridges', yaml) };
  return {
    setups: all.map(([name, one]) => toSetup(name, one, manager, owners, yaml)),
    devices: all.flatMap(([name, one]) => toDevice(name, one, manager, yaml)),
    problems,
  };
}

interface NetworkMap {
  readonly map: YAMLMap;
  readonly locate: (node: unknown) => Location;
}

function parseFile(text: string, place: Location, yaml: Yaml, problems: NetworkProblem[]): NetworkMap | undefined {
  const refuse = (message: string, line: number): undefined => {
    problems.push({ message: `netplan: ${message}`, location: { ...place, line } });
    return undefined;
  };
  if (text.length > MAX_TEXT || isNestedTooDeep(text)) return refuse('the file is too large or too deeply nested', 1);
  const lines = new yaml.LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'silent', uniqueKeys: false } as const;
  const document = yaml.parseAllDocuments(text, options)[0];
  if (!document) return undefined;
  const [error] = document.errors;
  if (error) return refuse(`not YAML: ${error.message}`, lines.linePos(error.pos[0]).line);
  const locate = (node: unknown): Location => {
    const offset = yaml.isNode(node) ? node.range?.[0] : undefined;
    return offset === undefined ? place : { ...place, line: lines.linePos(offset).line };
  };
  let alias: number | undefined;
  yaml.visit(document, {
    Alias: (_key, node) => {
      alias = locate(node).line ?? 1;
      return yaml.visit.BREAK;
    },
  });
  if (alias !== undefined) return refuse('aliases are not supported', alias);
  const { contents } = document;
  if (contents === null) return undefined;
  const network = yaml.isMap(contents) ? contents.get('network') : undefined;
  if (!yaml.isMap(network)) return refuse('there is no map called network', locate(contents).line ?? 1);
  return { map: network, locate };
}

function collect({ map, locate }: NetworkMap, section: string, into: Map<string, Definition>, yaml: Yaml): void {
  const members = map.get(section);
  if (!yaml.isMap(members)) return;
  for (const { key, value } of members.items) {
    const name = String(yaml.isScalar(key) ? key.value : key);
    const known = into.get(name) ?? { section, keys: new Map(), location: locate(key) };
    into.set(name, known);
    if (!yaml.isMap(value)) continue;
    for (const pair of value.items) {
      const field = String(yaml.isScalar(pair.key) ? pair.key.value : pair.key);
      known.keys.set(field, { node: pair.value, location: locate(pair.key) });
    }
  }
}

/** The texts of a scalar or of a list of scalars. */
function valuesOf({ keys }: Definition, key: string, yaml: Yaml): readonly Sourced[] {
  const entry = keys.get(key);
  if (!entry) return [];
  const items = yaml.isSeq(entry.node) ? entry.node.items : [entry.node];
  return items.flatMap((item) => {
    // An address may be a map whose only key is the address, with options below it.
    const scalar = yaml.isMap(item) ? item.items[0]?.key : item;
    return yaml.isScalar(scalar) && scalar.value !== null
      ? [{ value: String(scalar.value), location: entry.location }]
      : [];
  });
}

interface Owners {
  readonly bonds: ReadonlyMap<string, Sourced>;
  readonly bridges: ReadonlyMap<string, Sourced>;
}

/** Members of the bonds or bridges, each with its master at the line that lists it. */
function ownersIn(all: readonly (readonly [string, Definition])[], section: string, yaml: Yaml): Map<string, Sourced> {
  const owners = new Map<string, Sourced>();
  for (const [name, one] of all) {
    if (one.section !== section) continue;
    for (const { value, location } of valuesOf(one, 'interfaces', yaml)) owners.set(value, { value: name, location });
  }
  return owners;
}

function toSetup(
  name: string,
  definition: Definition,
  manager: ManagerName,
  owners: Owners,
  yaml: Yaml,
): InterfaceSetup {
  const dhcp = valuesOf(definition, 'dhcp4', yaml)[0];
  return {
    manager,
    origin: 'netplan',
    location: definition.location,
    match: matchOf(name, definition, yaml),
    addresses: valuesOf(definition, 'addresses', yaml),
    gateways: valuesOf(definition, 'gateway4', yaml),
    vlans: [],
    forwarding: [],
    ...(dhcp && /^(?:true|yes|on)$/i.test(dhcp.value) ? { dhcp: { value: 'ipv4', location: dhcp.location } } : {}),
    ...optional('bond', owners.bonds.get(name)),
    ...optional('bridge', owners.bridges.get(name)),
  };
}

function matchOf(name: string, { keys }: Definition, yaml: Yaml): readonly MatchCondition[] {
  const match = keys.get('match')?.node;
  if (!yaml.isMap(match)) return [{ key: 'Name', negated: false, patterns: [name] }];
  const spelled: Readonly<Record<string, string>> = { name: 'Name', macaddress: 'MACAddress', driver: 'Driver' };
  return match.items.flatMap(({ key, value }) => {
    const field = spelled[String(yaml.isScalar(key) ? key.value : '')];
    return field === undefined
      ? []
      : [{ key: field, negated: false, patterns: [String(yaml.isScalar(value) ? value.value : '')] }];
  });
}

const kinds: Readonly<Record<string, string>> = { vlans: 'vlan', bonds: 'bond', bridges: 'bridge' };

function toDevice(name: string, definition: Definition, manager: ManagerName, yaml: Yaml): readonly NetworkDevice[] {
  const kind = kinds[definition.section];
  if (kind === undefined) return [];
  const parameters = definition.keys.get('parameters');
  const parameter = (key: string): Sourced | undefined => {
    const value = parameters && yaml.isMap(parameters.node) ? parameters.node.get(key) : undefined;
    return value === undefined || value === null || !parameters
      ? undefined
      : { value: String(value), location: parameters.location };
  };
  return [
    {
      name,
      kind,
      manager,
      location: definition.location,
      members: valuesOf(definition, 'interfaces', yaml),
      ...optional('vlanId', valuesOf(definition, 'id', yaml)[0]),
      ...optional('parent', valuesOf(definition, 'link', yaml)[0]),
      ...optional('bondMode', parameter('mode')),
      ...optional('miiMonitor', parameter('mii-monitor-interval')),
      ...optional('primary', parameter('primary')),
    },
  ];
}

const nestedLists = new RegExp(`^(?:[ \\t]*[-?] ){${MAX_OPEN}}`, 'm');

/** Whether brackets or list dashes open too many levels: counted before the parser recurses into them. */
function isNestedTooDeep(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '[' || character === '{') open++;
    else if (character === ']' || character === '}') open--;
    if (open > MAX_OPEN) return true;
  }
  return nestedLists.test(text);
}
