/**
 * firewalld's permanent configuration: zones and services of /etc over /usr/lib, the default zone, and which zone an
 * interface belongs to. Direct rules and policies of the administrator are not followed: with them nobody can tell.
 */
import { damageFrom } from '../../../diagnostic.ts';
import { asImageError } from '../../../errors.ts';
import type { RootView } from '../../../root/root-view.ts';
import { createTable } from '../../../table.ts';
import { listConfFiles } from '../../conf-files/conf-files.ts';
import { parseEnvFile } from '../../environment/env-file.ts';
import type { Gap } from '../../fact.ts';
import type { FilterChain, FilterProblem, FilterRule, RuleMatch } from '../firewall-fact.ts';
import type { FilterReading } from '../nftables/read-nftables.ts';
import { type FindService, parseService, parseZone } from './zone.ts';

const prefixes = ['/etc/firewalld', '/usr/lib/firewalld'];
/** Services one service may draw in. */
const MAX_INCLUDES = 64;

/** The filter firewalld builds when it starts. */
export function readFirewalld(view: RootView, unit: string): FilterReading {
  const gaps: Gap[] = [];
  const read = (path: string): string | undefined => {
    try {
      return view.readText(path);
    } catch (thrown) {
      gaps.push({ cause: damageFrom(asImageError(thrown)) });
      return undefined;
    }
  };
  const problems: FilterProblem[] = unfollowed(view, read, gaps);
  const configuration = '/etc/firewalld/firewalld.conf';
  const settings = read(configuration);
  const defaultZone =
    (settings === undefined ? undefined : parseEnvFile(settings).findLast(({ key }) => key === 'DefaultZone')?.value) ??
    'public';
  const find = serviceFinder(read);
  const chains = createTable<FilterChain>();
  const dispatch: FilterRule[] = [];
  const listed = listConfFiles(
    view,
    prefixes.map((prefix) => `${prefix}/zones`),
    '.xml',
  );
  gaps.push(...listed.gaps);
  for (const { name: file, path, location } of listed.files) {
    const text = read(path);
    if (text === undefined) continue;
    const zone = parseZone(text, location, find, problems);
    const name = file.replace(/\.xml$/, '');
    chains[name] = { name, families: ['ip', 'ip6'], location, rules: zone.rules };
    const goTo = (match: RuleMatch): FilterRule => {
      return { matches: [match], verdict: { kind: 'goto', chain: name }, location, text: `zone ${name}` };
    };
    if (zone.sources.length > 0) dispatch.unshift(goTo({ kind: 'depends', text: `source ${zone.sources.join(', ')}` }));
    if (zone.interfaces.length > 0) dispatch.push(goTo({ kind: 'interface', names: zone.interfaces, negated: false }));
  }
  const location = view.locate(configuration);
  const rest: FilterRule = {
    matches: [],
    verdict: { kind: 'goto', chain: defaultZone },
    location,
    text: `default zone ${defaultZone}`,
  };
  chains['firewalld input'] = {
    name: 'firewalld input',
    families: ['ip', 'ip6'],
    base: { hook: 'input', priority: 10, policy: 'drop' },
    location,
    rules: [...dispatch, rest],
  };
  return { filter: { kind: 'firewalld', unit, location, chains, problems }, gaps };
}

/** Configuration that is there but not followed. */
function unfollowed(view: RootView, read: (path: string) => string | undefined, gaps: Gap[]): FilterProblem[] {
  const direct = '/etc/firewalld/direct.xml';
  const problems: FilterProblem[] = /<(?:rule|passthrough)\b/.test(read(direct) ?? '')
    ? [{ message: 'direct rules of firewalld are not followed', location: view.locate(direct) }]
    : [];
  const policies = listConfFiles(view, ['/etc/firewalld/policies'], '.xml');
  gaps.push(...policies.gaps);
  for (const { location } of policies.files)
    problems.push({ message: 'policies of firewalld are not followed', location });
  return problems;
}

function serviceFinder(read: (path: string) => string | undefined): FindService {
  return (name) => {
    const ports: RuleMatch[][] = [];
    const seen = new Set<string>();
    const queue = [name];
    for (let next = queue.shift(); next !== undefined && seen.size < MAX_INCLUDES; next = queue.shift()) {
      if (seen.has(next) || !/^[\w.-]+$/.test(next)) continue;
      seen.add(next);
      let text: string | undefined;
      for (const prefix of prefixes) text ??= read(`${prefix}/services/${next}.xml`);
      const service = text === undefined ? undefined : parseService(text);
      if (!service) return undefined;
      ports.push(...service.ports);
      queue.push(...service.includes);
    }
    return ports;
  };
}
