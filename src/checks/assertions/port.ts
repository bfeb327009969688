/** `port`: whether packets from other nodes reach a port or range of ports, through every packet filter that boot loads. */
import { decidePort, type PortQuestion } from '../../facts/firewall/decide-port.ts';
import { lastPort, parsePorts } from '../../facts/firewall/ports.ts';
import type { Evidence, Judge } from '../check.ts';
import { at, fail, inconclusive, pass } from '../verdict.ts';

export interface PortOptions {
  /** `6443`, `30000-32767`. */
  readonly port: number | string;
  readonly protocol: 'tcp' | 'udp';
  /** `any`, the same as none: whichever interface leads outside. */
  readonly interface?: string;
  /** IPv4 unless given. */
  readonly family?: 'ipv4' | 'ipv6';
}

export const portAssertion: Judge<PortOptions> = {
  id: 'port',
  title: 'A port or range of ports is open at boot for packets from other nodes',
  needs: ['firewall'],
  cannotFail: ({ port }) =>
    parsePorts(String(port), '-') ? undefined : `${port} is no port and no range of ports up to ${lastPort}`,
  evaluate: (options, facts) => {
    const question = toQuestion(options);
    const fact = facts.get('firewall', '', [question.family ?? 'ip']);
    const { state, decidedBy, ports } = decidePort(fact, question);
    const asked = `${options.port}/${options.protocol}`;
    const part = ports && ports.from !== ports.to ? `${ports.from}-${ports.to}` : ports?.from;
    const name = part === undefined ? asked : `${part}/${options.protocol} (of ${asked})`;
    const evidence: Evidence[] = decidedBy ? [at(decidedBy.location, 'decided by', decidedBy.text)] : [];
    const why = decidedBy?.text ?? '';
    if (state === 'unknown') return inconclusive(`whether port ${name} is open: ${why}`, decidedBy?.location);
    if (state === 'closed')
      return fail(`port ${name} is closed by ${why}`, { expected: 'open', found: 'closed', evidence });
    if (state === 'conditional')
      return fail(`port ${name} is open under a condition only: ${why}`, {
        expected: 'open',
        found: 'open under a condition',
        severity: 'should',
        evidence,
      });
    return pass(decidedBy ? undefined : 'no packet filter is loaded: open', evidence);
  },
};

function toQuestion({ port, protocol, interface: name, family }: PortOptions): PortQuestion {
  const range = parsePorts(String(port), '-') ?? { from: 0, to: lastPort };
  return {
    ...range,
    protocol,
    ...(name === undefined || name === 'any' ? {} : { interface: name }),
    ...(family === 'ipv6' ? { family: 'ip6' } : {}),
  };
}
