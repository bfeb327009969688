/**
 * The ranges for pods and services are apart from each other and from the node's own addresses, and the address of the
 * cluster's DNS lies inside of the services. What is not set has k3s' default.
 */
import type { K3sFact } from '../../../facts/k3s/k3s-fact.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { at, fail, joinVerdicts, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { type AddressRange, overlap, parseRange } from './cidr.ts';

interface Options {
  readonly 'cluster-cidr': string;
  readonly 'service-cidr': string;
}

interface Named {
  readonly flag: string;
  readonly text: string;
  readonly range: AddressRange;
  readonly evidence: readonly Evidence[];
}

export const clusterRanges: Rule<Options> = {
  id: 'cluster-ranges',
  title: 'The address ranges of pods, services and nodes do not overlap, and the DNS address is a service',
  needs: ['k3s', 'network'],
  options: { 'cluster-cidr': 'text', 'service-cidr': 'text' },
  evaluate: (options, facts) => {
    const parts = ['arguments', 'environment', 'settings', 'cluster-cidr', 'service-cidr', 'cluster-dns', 'node-ip'];
    const k3s = facts.get('k3s', '', parts);
    const bad: Verdict[] = [];
    const pods = rangesOf(k3s, 'cluster-cidr', options['cluster-cidr'], bad);
    const services = rangesOf(k3s, 'service-cidr', options['service-cidr'], bad);
    const dns = rangesOf(k3s, 'cluster-dns', undefined, bad);
    const nodes = [
      ...rangesOf(k3s, 'node-ip', undefined, bad),
      ...nodeAddresses(facts.get('network', '', ['interfaces'])),
    ];
    const set = [...pods, ...services, ...dns].flatMap(({ evidence }) => evidence);
    return joinVerdicts(
      [...bad, ...clashes(pods, services, nodes), ...strayDns(dns, services), pass(undefined, set)],
      'should',
    );
  },
};

function rangesOf(k3s: K3sFact, flag: string, preset: string | undefined, bad: Verdict[]): readonly Named[] {
  const setting = k3s.settings[flag];
  const evidence = setting ? [at(setting.location, 'set by')] : [];
  const texts = setting ? setting.values.flatMap((value) => value.split(',')) : preset === undefined ? [] : [preset];
  return texts.flatMap((text) => {
    const range = parseRange(text);
    if (range) return [{ flag, text: text.trim(), range, evidence }];
    bad.push(fail(`--${flag} ${text} is no address or range of addresses`, { found: text, evidence }));
    return [];
  });
}

function nodeAddresses({
  setups,
}: {
  readonly setups: readonly {
    readonly addresses: readonly { readonly value: string; readonly location: Evidence['location'] }[];
  }[];
}): readonly Named[] {
  return setups.flatMap(({ addresses }) =>
    addresses.flatMap(({ value, location }) => {
      const range = parseRange(value.split('/')[0] ?? '');
      return range && range.first !== 0n
        ? [{ flag: 'node', text: value, range, evidence: [at(location, 'set by')] }]
        : [];
    }),
  );
}

function clashes(pods: readonly Named[], services: readonly Named[], nodes: readonly Named[]): readonly Verdict[] {
  const pairs = [
    ...pods.flatMap((a) => services.map((b) => [a, b] as const)),
    ...[...pods, ...services].flatMap((a) => nodes.map((b) => [a, b] as const)),
  ];
  return pairs.flatMap(([a, b]) => {
    if (!overlap(a.range, b.range)) return [];
    const other = b.flag === 'node' ? `the node's address ${b.text}` : `--${b.flag} ${b.text}`;
    const evidence = [...a.evidence, ...b.evidence];
    return [
      fail(`--${a.flag} ${a.text} contains or overlaps ${other}`, {
        expected: 'ranges apart',
        found: a.text,
        evidence,
      }),
    ];
  });
}

function strayDns(dns: readonly Named[], services: readonly Named[]): readonly Verdict[] {
  return dns.flatMap(({ text, range, evidence }) => {
    if (services.some((service) => overlap(service.range, range))) return [];
    const expected = `an address of ${services.map((one) => one.text).join(', ')}`;
    return [fail(`--cluster-dns ${text} is no address of the services`, { expected, found: text, evidence })];
  });
}
