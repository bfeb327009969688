/**
 * Which ports of the node packets from outside reach, through every packet filter that boot loads: for each protocol the ranges
 * in each state.
 */
import { type PortAnswer, splitPorts } from '../../../facts/firewall/decide-port.ts';
import type { FirewallFact } from '../../../facts/firewall/firewall-fact.ts';
import { lastPort } from '../../../facts/firewall/ports.ts';
import { type Concern, makeRecord } from '../concern.ts';
import type { PortraitRecord } from '../portrait.ts';

const protocols = ['tcp', 'udp'] as const;
const families = ['ip', 'ip6'] as const;

export const portsConcern: Concern = {
  id: 'ports',
  title: 'ports',
  needs: ['firewall'],
  describe: (facts) => {
    const fact = facts.get('firewall');
    return families.flatMap((family) => protocols.map((protocol) => describePorts(fact, protocol, family)));
  },
};

function describePorts(
  fact: FirewallFact,
  protocol: (typeof protocols)[number],
  family: (typeof families)[number],
): PortraitRecord {
  const ranges = new Map<PortAnswer['state'], string[]>();
  for (const { state, from, to } of splitPorts(fact, { protocol, family, from: 0, to: lastPort }))
    ranges.set(state, [...(ranges.get(state) ?? []), from === to ? String(from) : `${from}-${to}`]);
  return makeRecord(family === 'ip' ? protocol : `${protocol} over IPv6`, Object.fromEntries(ranges));
}
