/**
 * /etc/network/interfaces of ifupdown (interfaces(5)): `auto`, `allow-hotplug`, `iface NAME FAMILY METHOD` with option lines,
 * `source` and `source-directory` with shell patterns. `mapping` and `inherits` are not followed.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { matchesGlob } from '../conf-files/glob.ts';
import type { Gap } from '../fact.ts';
import type { InterfaceSetup, NetworkDevice, NetworkProblem, Sourced } from './network-fact.ts';
import { optional } from './networkd.ts';

export interface Interfaces {
  readonly setups: readonly InterfaceSetup[];
  readonly devices: readonly NetworkDevice[];
  readonly problems: readonly NetworkProblem[];
  readonly gaps: readonly Gap[];
}

const mainFile = '/etc/network/interfaces';
/** Files one configuration may draw in: sources may name each other. */
const MAX_FILES = 256;

interface Stanza {
  readonly name: string;
  readonly method: string;
  readonly location: Location;
  readonly options: Map<string, Sourced>;
}

/** The stanzas of interfaces that boot brings up. */
export function readIfupdown(view: RootView): Interfaces {
  const gaps: Gap[] = [];
  const problems: NetworkProblem[] = [];
  const stanzas: Stanza[] = [];
  const automatic = new Set<string>();
  const seen = new Set<string>();
  const queue = [mainFile];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (seen.has(path) || seen.size >= MAX_FILES) continue;
    seen.add(path);
    try {
      const text = view.readText(path);
      if (text === undefined) continue;
      const parsed = parseInterfaces(text, view.locate(path), problems);
      stanzas.push(...parsed.stanzas);
      for (const name of parsed.automatic) automatic.add(name);
      for (const source of parsed.sources) queue.push(...expandSource(view, source, path));
    } catch (thrown) {
      gaps.push({ cause: damageFrom(asImageError(thrown)) });
    }
  }
  const used = stanzas.filter(({ name }) => automatic.has(name) && name !== 'lo');
  return { setups: used.map(toSetup), devices: used.flatMap(toDevice), problems, gaps };
}

interface Source {
  readonly kind: 'source' | 'source-directory';
  readonly pattern: string;
}

/** The lines of one file. A backslash at the end of a line joins the next. */
export function parseInterfaces(
  text: string,
  place: Location,
  problems: NetworkProblem[],
): { readonly stanzas: readonly Stanza[]; readonly automatic: readonly string[]; readonly sources: readonly Source[] } {
  const stanzas: Stanza[] = [];
  const automatic: string[] = [];
  const sources: Source[] = [];
  let current: Stanza | undefined;
  let inMapping = false;
  for (const { words, location } of logicalLines(text, place)) {
    const [first = '', ...rest] = words;
    if (first === 'auto' || first.startsWith('allow-')) automatic.push(...rest);
    else if (first === 'source' || first === 'source-directory') {
      for (const pattern of rest) sources.push({ kind: first, pattern });
    } else if (first === 'iface') {
      const [name = '', , method = ''] = rest;
      current = { name, method, location, options: new Map() };
      inMapping = false;
      stanzas.push(current);
    } else if (first === 'mapping') inMapping = true;
    else if (first.startsWith('no-auto-down') || first === 'no-scripts' || first === 'rename') continue;
    else if (inMapping) continue;
    else if (current) current.options.set(first.replaceAll('_', '-'), { value: rest.join(' '), location });
    else problems.push({ message: `'${first}' stands before any iface line: ifup refuses the file`, location });
  }
  return { stanzas, automatic, sources };
}

function* logicalLines(text: string, place: Location): Iterable<{ words: readonly string[]; location: Location }> {
  let pending: string[] = [];
  let start = 1;
  for (const [index, line] of text.split('\n').entries()) {
    if (pending.length === 0) start = index + 1;
    const continues = line.endsWith('\\');
    pending.push(continues ? line.slice(0, -1) : line);
    if (continues) continue;
    const words = pending
      .join(' ')
      .split(/\s+/)
      .filter((word) => word !== '');
    pending = [];
    if (words.length > 0 && !words[0]?.startsWith('#')) yield { words, location: { ...place, line: start } };
  }
}

/** Files a source line names: patterns of files, or all files of directories, relative to the file. */
function expandSource(view: RootView, { kind, pattern }: Source, from: string): readonly string[] {
  const absolute = pattern.startsWith('/') ? pattern : `${from.slice(0, from.lastIndexOf('/'))}/${pattern}`;
  if (kind === 'source-directory') {
    const directory = absolute.replace(/\/$/, '');
    return namesIn(view, directory).flatMap((name) => (/^[a-zA-Z0-9_-]+$/.test(name) ? [`${directory}/${name}`] : []));
  }
  const slash = absolute.lastIndexOf('/');
  const [directory, name] = [absolute.slice(0, slash), absolute.slice(slash + 1)];
  if (!/[*?[]/.test(absolute)) return [absolute];
  return namesIn(view, directory).flatMap((one) =>
    matchesGlob(name, one, { path: true }) ? [`${directory}/${one}`] : [],
  );
}

const namesIn = (view: RootView, directory: string): readonly string[] =>
  (view.list(directory) ?? []).map(({ name }) => name);

function toSetup({ name, method, location, options }: Stanza): InterfaceSetup {
  return {
    manager: 'ifupdown',
    origin: 'ifupdown',
    location,
    match: [{ key: 'Name', negated: false, patterns: [name] }],
    addresses: optionList(options, 'address'),
    gateways: optionList(options, 'gateway'),
    vlans: [],
    forwarding: [],
    ...(method === 'dhcp' ? { dhcp: { value: 'yes', location } } : {}),
    ...optional('bond', options.get('bond-master')),
  };
}

function toDevice({ name, location, options }: Stanza): readonly NetworkDevice[] {
  const base = { name, manager: 'ifupdown', location } as const;
  const [, parent, id] = /^(.+)\.([0-9]{1,4})$/.exec(name) ?? [];
  const raw = options.get('vlan-raw-device');
  if (parent !== undefined || raw) {
    const number = options.get('vlan-id')?.value ?? id ?? /^vlan([0-9]{1,4})$/.exec(name)?.[1];
    const vlanId = number === undefined ? undefined : { value: number, location };
    const stacked = raw ?? (parent === undefined ? undefined : { value: parent, location });
    return [{ ...base, kind: 'vlan', members: [], ...optional('vlanId', vlanId), ...optional('parent', stacked) }];
  }
  const members = options.get('bond-slaves');
  if (members || options.has('bond-mode')) {
    return [
      {
        ...base,
        kind: 'bond',
        members: members ? wordsOf(members) : [],
        ...optional('bondMode', options.get('bond-mode')),
        ...optional('miiMonitor', options.get('bond-miimon')),
        ...optional('primary', options.get('bond-primary')),
      },
    ];
  }
  const ports = options.get('bridge-ports');
  return ports ? [{ ...base, kind: 'bridge', members: wordsOf(ports) }] : [];
}

function optionList(options: Stanza['options'], key: string): readonly Sourced[] {
  const one = options.get(key);
  return one ? [one] : [];
}

const wordsOf = ({ value, location }: Sourced): readonly Sourced[] =>
  value.split(' ').flatMap((word) => (word === '' || word === 'none' ? [] : [{ value: word, location }]));
