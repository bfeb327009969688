/** Zones and services of firewalld (firewalld.zone(5), firewalld.service(5)) as rules. */
import type { Location } from '../../../location.ts';
import type { FilterProblem, FilterRule, RuleMatch, RuleVerdict } from '../firewall-fact.ts';
import { parsePorts } from '../ports.ts';
import { type Element, scanElements } from './elements.ts';

export interface Zone {
  readonly interfaces: readonly string[];
  readonly sources: readonly string[];
  readonly rules: readonly FilterRule[];
}

/** Ports of a service by name; undefined if there is no such service. */
export type FindService = (name: string) => readonly RuleMatch[][] | undefined;

/** A zone file; problems are what could not be understood. */
export function parseZone(text: string, place: Location, find: FindService, problems: FilterProblem[]): Zone {
  const elements = scanElements(text);
  if ('message' in elements) {
    problems.push({ message: elements.message, location: { ...place, line: elements.line } });
    return { interfaces: [], sources: [], rules: [] };
  }
  const reader = new ZoneReader(place, find, problems);
  for (const element of elements) reader.read(element);
  return reader.zone();
}

class ZoneReader {
  readonly #place: Location;
  readonly #find: FindService;
  readonly #problems: FilterProblem[];
  readonly #interfaces: string[] = [];
  readonly #sources: string[] = [];
  readonly #denying: FilterRule[] = [];
  readonly #allowing: FilterRule[] = [];
  /** Rich rules with a priority: below 0 they come before all others, above 0 after them. */
  readonly #ranked: { readonly priority: number; readonly rule: FilterRule }[] = [];
  #target = 'default';
  #rich: { readonly line: number; readonly priority: number; matches: RuleMatch[][]; verdict: RuleVerdict } | undefined;

  constructor(place: Location, find: FindService, problems: FilterProblem[]) {
    this.#place = place;
    this.#find = find;
    this.#problems = problems;
  }

  read(element: Element): void {
    const value = (name: string): string => element.attributes.get(name) ?? '';
    if (element.name === 'rule') this.#readRule(element);
    if (element.kind === 'close') return;
    switch (element.name) {
      case 'zone':
        this.#target = element.attributes.get('target') ?? 'default';
        break;
      case 'interface':
        this.#interfaces.push(value('name'));
        break;
      case 'source':
        if (this.#rich) this.#narrow({ kind: 'depends', text: `source ${value('address')}` });
        else this.#sources.push(value('address') || value('ipset') || value('mac'));
        break;
      case 'destination':
        this.#narrow({ kind: 'depends', text: `destination ${value('address')}` });
        break;
      case 'limit':
        this.#narrow({ kind: 'depends', text: `limit ${value('value')}` });
        break;
      case 'source-port':
        this.#allow(element, [[{ kind: 'depends', text: `source port ${value('port')}/${value('protocol')}` }]]);
        break;
      case 'icmp-type':
      case 'icmp-block':
        this.#narrow({ kind: 'never' });
        break;
      case 'port':
        this.#allow(element, portMatches(element));
        break;
      case 'service':
        this.#allow(element, this.#find(value('name')));
        break;
      case 'protocol':
        this.#allow(element, [[{ kind: 'protocol', protocols: [value('value')], negated: false }]]);
        break;
      case 'accept':
      case 'reject':
      case 'drop':
        if (this.#rich) this.#rich.verdict = { kind: element.name === 'accept' ? 'accept' : 'drop' };
        break;
      case 'forward-port':
        this.#allow(element, portMatches(element), { kind: 'opaque', text: 'forward-port' });
    }
  }

  #readRule(element: Element): void {
    if (element.kind === 'open') {
      const family = element.attributes.get('family');
      const first: RuleMatch[] =
        family === undefined ? [] : [{ kind: 'family', family: family === 'ipv6' ? 'ip6' : 'ip' }];
      const priority = Number(element.attributes.get('priority') ?? 0) || 0;
      this.#rich = { line: element.line, priority, matches: [first], verdict: { kind: 'none' } };
    } else if (this.#rich) {
      const { line, priority, matches, verdict } = this.#rich;
      const rules = matches.map((one) => this.#rule(line, one, verdict, 'rich rule'));
      if (priority !== 0) this.#ranked.push(...rules.map((rule) => ({ priority, rule })));
      else (verdict.kind === 'drop' ? this.#denying : this.#allowing).push(...rules);
      this.#rich = undefined;
    }
  }

  #narrow(match: RuleMatch): void {
    if (this.#rich) this.#rich.matches = this.#rich.matches.map((one) => [...one, match]);
  }

  #allow(element: Element, alternatives: readonly (readonly RuleMatch[])[] | undefined, verdict?: RuleVerdict): void {
    if (!alternatives) {
      const text = `${element.name} ${[...element.attributes.values()].join(' ')}`;
      this.#problems.push({ message: `'${text}' is not understood`, location: { ...this.#place, line: element.line } });
      return;
    }
    const rich = this.#rich;
    if (rich) {
      rich.matches = rich.matches.flatMap((one) => alternatives.map((more) => [...one, ...more]));
      if (verdict) rich.verdict = verdict;
      return;
    }
    const text = `${element.name} ${[...element.attributes.values()].join('/')}`;
    for (const one of alternatives)
      this.#allowing.push(this.#rule(element.line, one, verdict ?? { kind: 'accept' }, text));
  }

  #rule(line: number, matches: readonly RuleMatch[], verdict: RuleVerdict, text: string): FilterRule {
    return { matches, verdict, location: { ...this.#place, line }, text };
  }

  zone(): Zone {
    const fate: RuleVerdict = { kind: this.#target === 'ACCEPT' ? 'accept' : 'drop' };
    const last = this.#rule(1, [], fate, `target ${this.#target}`);
    const ranked = this.#ranked.sort((a, b) => a.priority - b.priority);
    const rules = [
      ...ranked.flatMap(({ priority, rule }) => (priority < 0 ? [rule] : [])),
      ...this.#denying,
      ...this.#allowing,
      ...ranked.flatMap(({ priority, rule }) => (priority > 0 ? [rule] : [])),
      { ...last, location: this.#place },
    ];
    return { interfaces: this.#interfaces, sources: this.#sources, rules };
  }
}

/** `<port port="80-90" protocol="tcp"/>`; without a port the whole protocol. */
export function portMatches({ attributes }: Element): readonly RuleMatch[][] | undefined {
  const port = attributes.get('port') ?? '';
  const protocol: RuleMatch = { kind: 'protocol', protocols: [attributes.get('protocol') ?? ''], negated: false };
  if (port === '') return [[protocol]];
  const range = parsePorts(port, '-');
  return range && [[protocol, { kind: 'port', ranges: [range], negated: false }]];
}

/** The ports of a service file and the services it includes; undefined if it is no XML. */
export function parseService(
  text: string,
): { readonly ports: readonly RuleMatch[][]; readonly includes: readonly string[] } | undefined {
  const elements = scanElements(text);
  if ('message' in elements) return undefined;
  const ports = elements.flatMap((one) => (one.name === 'port' ? (portMatches(one) ?? []) : []));
  const includes = elements.flatMap((one) => (one.name === 'include' ? [one.attributes.get('service') ?? ''] : []));
  return { ports, includes };
}
