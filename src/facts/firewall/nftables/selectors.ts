/**
 * What the left side of an nftables match selects, and what a value of it means for a packet that opens a connection to the
 * node: nft(8), "PRIMARY EXPRESSIONS" and "PAYLOAD EXPRESSIONS". A selector missing here is not understood.
 */
import type { PortRange, RuleMatch } from '../firewall-fact.ts';
import { lastPort, parsePorts } from '../ports.ts';
import type { Token } from './tokens.ts';

export interface Selector {
  readonly text: string;
  readonly kind:
    | 'port'
    | 'protocol'
    | 'interface'
    | 'state'
    | 'family'
    | 'tcp flags'
    /** Broadcast, unicast: a packet to the node itself is the latter. */
    | 'packet type'
    /** Whether there is a way back to the sender: there is one to a neighbour. */
    | 'reverse path'
    | 'address type'
    | 'depends'
    | 'never';
  /** What naming the selector alone demands of the packet. */
  readonly implied: readonly RuleMatch[];
  /** Tokens used. */
  readonly length: number;
}

const protocol = (...protocols: readonly string[]): RuleMatch => ({ kind: 'protocol', protocols, negated: false });
const transports: ReadonlySet<string> = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp']);
/** Protocols that are neither tcp nor udp: their fields rule both out. */
const otherProtocols: ReadonlySet<string> = new Set(['icmp', 'icmpv6', 'igmp', 'esp', 'ah', 'comp', 'arp', 'gre']);
const familyOf: Readonly<Record<string, RuleMatch>> = {
  ip: { kind: 'family', family: 'ip' },
  ip6: { kind: 'family', family: 'ip6' },
};
const metaKinds: Readonly<Record<string, Selector['kind']>> = {
  iifname: 'interface',
  iif: 'interface',
  l4proto: 'protocol',
  nfproto: 'family',
  protocol: 'family',
  pkttype: 'packet type',
  oif: 'never',
  oifname: 'never',
};

/** The selector at the head of the tokens; undefined if it is none that is known. */
export function readSelector(tokens: readonly Token[]): Selector | undefined {
  const [first, second] = tokens.map(({ text }) => text);
  if (first === undefined) return undefined;
  const make = (kind: Selector['kind'], length: number, ...implied: readonly RuleMatch[]): Selector => {
    const text = tokens
      .slice(0, length)
      .map((one) => one.text)
      .join(' ');
    return { text, kind, implied, length };
  };
  if (first === 'meta' && second !== undefined) {
    return make(Object.hasOwn(metaKinds, second) ? (metaKinds[second] as Selector['kind']) : 'depends', 2);
  }
  if (Object.hasOwn(metaKinds, first) && first !== 'protocol') return make(metaKinds[first] as Selector['kind'], 1);
  if ((transports.has(first) || first === 'th') && second !== undefined) {
    const implied = first === 'th' ? [] : [protocol(first)];
    if (second === 'dport') return make('port', 2, ...implied);
    return make(first === 'tcp' && second === 'flags' ? 'tcp flags' : 'depends', 2, ...implied);
  }
  if (otherProtocols.has(first)) return make('depends', 2, protocol(first));
  if ((first === 'ip' || first === 'ip6') && second !== undefined) {
    const isProtocol = second === 'protocol' || second === 'nexthdr';
    return make(isProtocol ? 'protocol' : 'depends', 2, familyOf[first] as RuleMatch);
  }
  if (first === 'ct' && second !== undefined) {
    if (second === 'state') return make('state', 2);
    const hasDirection = second === 'original' || second === 'reply';
    return make('depends', hasDirection ? 3 : 2);
  }
  if (first === 'ether' || first === 'vlan' || first === 'socket' || first === 'rt') return make('depends', 2);
  if (first === 'mark' || first === 'skuid' || first === 'iifgroup' || first === 'iiftype') return make('depends', 1);
  if (first === 'fib') return readFib(tokens, make);
  return undefined;
}

/** `fib saddr . iif oif`, `fib daddr type`: words to the result that is asked for. */
function readFib(
  tokens: readonly Token[],
  make: (kind: Selector['kind'], length: number) => Selector,
): Selector | undefined {
  const end = tokens.findIndex(({ text }, at) => at > 1 && (text === 'type' || text === 'oif' || text === 'oifname'));
  if (end < 0) return undefined;
  const isOfSender = tokens[1]?.text === 'saddr';
  if (tokens[end]?.text === 'type') return make(isOfSender ? 'depends' : 'address type', end + 1);
  return make(isOfSender ? 'reverse path' : 'depends', end + 1);
}

const familyWords: Readonly<Record<string, 'ip' | 'ip6' | undefined>> = {
  ipv4: 'ip',
  ip: 'ip',
  '0x0800': 'ip',
  ipv6: 'ip6',
  ip6: 'ip6',
  '0x86dd': 'ip6',
};
const protocolNumbers: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp' };

/** One of several values, as a condition. */
export function matchValues(selector: Selector, values: readonly string[], operator: string): RuleMatch {
  const negated = operator === '!=';
  const text = `${selector.text} ${operator}${operator === '' ? '' : ' '}${values.join(', ')}`;
  const opaque: RuleMatch = { kind: 'opaque', text };
  const all = values.length === 0 || values.includes('*');
  if (values.length === 0) return negated ? { kind: 'depends', text } : { kind: 'never' };
  switch (selector.kind) {
    case 'never':
    case 'depends':
      return isEverything(selector, values, negated) ? certain(true) : { kind: 'depends', text };
    case 'port':
      return portMatch(values, operator) ?? opaque;
    case 'protocol':
      return { kind: 'protocol', protocols: values.map((one) => protocolNumbers[one] ?? one), negated };
    case 'interface':
      return { kind: 'interface', names: values, negated };
    case 'state':
      return { kind: 'state', states: values, negated };
    case 'packet type':
      return certain(all || values.some((one) => one === 'host' || one === 'unicast') !== negated);
    case 'address type':
      return certain(all || values.includes('local') !== negated);
    case 'reverse path':
      return certain(!(values.includes('missing') || values.includes('0')) !== negated);
    case 'family': {
      const [family] = values.map((one) => familyWords[one]);
      if (family === undefined || values.length > 1) return opaque;
      return { kind: 'family', family: negated ? (family === 'ip' ? 'ip6' : 'ip') : family };
    }
    case 'tcp flags':
      return opaque;
  }
}

/** A condition that always, or never, holds. */
function certain(holds: boolean): RuleMatch {
  return holds ? { kind: 'port', ranges: [], negated: true } : { kind: 'never' };
}

/** Every address: a match that always holds. */
function isEverything({ text }: Selector, values: readonly string[], negated: boolean): boolean {
  return !negated && /^ip6? [sd]addr$/.test(text) && values.some((one) => one === '0.0.0.0/0' || one === '::/0');
}

function portMatch(values: readonly string[], operator: string): RuleMatch | undefined {
  const ranges: PortRange[] = [];
  for (const value of values) {
    const range = value === '*' ? { from: 0, to: lastPort } : parsePorts(value, '-');
    if (!range) return undefined;
    ranges.push(compared(range, operator));
  }
  return { kind: 'port', ranges, negated: operator === '!=' };
}

function compared({ from, to }: PortRange, operator: string): PortRange {
  switch (operator) {
    case '<':
      return { from: 0, to: from - 1 };
    case '<=':
      return { from: 0, to: from };
    case '>':
      return { from: to + 1, to: lastPort };
    case '>=':
      return { from: to, to: lastPort };
    default:
      return { from, to };
  }
}
