/**
 * The arguments of one iptables rule as conditions and a verdict (iptables(8), iptables-extensions(8)). Extensions whose
 * outcome depends on the sender, time or state of the machine are conditions the image cannot know; options missing here
 * make the rule opaque.
 */
import type { PortRange, RuleMatch, RuleVerdict } from '../firewall-fact.ts';
import { parsePorts } from '../ports.ts';
import { parseTcpFlags, SYN } from '../tcp-flags.ts';

export interface ParsedRule {
  readonly matches: readonly RuleMatch[];
  readonly verdict: RuleVerdict;
}

interface State {
  readonly matches: RuleMatch[];
  verdict: RuleVerdict;
  module: string;
  negated: boolean;
}

type Option = (state: State, value: string, more: () => string) => void;

const depends =
  (name: string): Option =>
  (state, value) => {
    state.matches.push({ kind: 'depends', text: `${state.negated ? '! ' : ''}${name} ${value}` });
  };

const address =
  (name: string): Option =>
  (state, value, more) => {
    const isEverything = value === '0.0.0.0/0' || value === '::/0' || value === '0/0' || value === 'anywhere';
    if (!isEverything) depends(name)(state, value, more);
    else if (state.negated) state.matches.push({ kind: 'never' });
  };

const ports: Option = (state, value) => {
  const ranges: PortRange[] = [];
  for (const one of value.split(',')) {
    const range = parsePorts(one, ':');
    if (!range) {
      state.matches.push({ kind: 'opaque', text: `--dport ${value}` });
      return;
    }
    ranges.push(range);
  }
  state.matches.push({ kind: 'port', ranges, negated: state.negated });
};

const states: Option = (state, value) => {
  const words = value.toLowerCase().split(',');
  state.matches.push({ kind: 'state', states: words, negated: state.negated });
};

const protocol: Option = (state, value) => {
  const name = value === '6' ? 'tcp' : value === '17' ? 'udp' : value.toLowerCase();
  if (name !== 'all' && name !== '0')
    state.matches.push({ kind: 'protocol', protocols: [name], negated: state.negated });
};

/** A trailing `+` stands for any ending. */
const incoming: Option = (state, value) => {
  const name = value.endsWith('+') ? `${value.slice(0, -1)}*` : value;
  state.matches.push({ kind: 'interface', names: [name], negated: state.negated });
};

/** Whether a SYN, the packet that opens a connection, has the flags. */
function flags(state: State, mask: number | undefined, wanted: number | undefined): void {
  if (mask === undefined || wanted === undefined) state.matches.push({ kind: 'opaque', text: '--tcp-flags' });
  else if (((SYN & mask) === wanted) === state.negated) state.matches.push({ kind: 'never' });
}

const destinationType: Option = (state, value) => {
  const isLocal = value.split(',').includes('LOCAL');
  if (isLocal === state.negated) state.matches.push({ kind: 'never' });
};

/** No packet that opens a connection comes with a routing header. */
const routingHeader: Option = (state) => {
  if (!state.negated) state.matches.push({ kind: 'never' });
};

const target: Option = (state, value) => {
  state.verdict = verdicts[value] ?? { kind: 'jump', chain: value };
};

const verdicts: Readonly<Record<string, RuleVerdict | undefined>> = Object.assign(Object.create(null), {
  ACCEPT: { kind: 'accept' },
  DROP: { kind: 'drop' },
  REJECT: { kind: 'drop' },
  RETURN: { kind: 'return' },
  ...Object.fromEntries(
    ['LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'CT', 'NOTRACK', 'TRACE', 'SET', 'TCPMSS', 'CHECKSUM', 'CLASSIFY'].map(
      (name) => [name, { kind: 'none' }],
    ),
  ),
  ...Object.fromEntries(
    ['DNAT', 'REDIRECT', 'TPROXY', 'NFQUEUE', 'SYNPROXY', 'TARPIT'].map((name) => [
      name,
      { kind: 'opaque', text: name },
    ]),
  ),
});

const ignored: Option = () => {};

/** Options with one value. Those of targets come after -j and say nothing about matching. */
const options: Readonly<Record<string, Option | undefined>> = Object.assign(Object.create(null), {
  '-p': protocol,
  '--protocol': protocol,
  '-i': incoming,
  '--in-interface': incoming,
  '-o': (state: State) => state.matches.push({ kind: 'never' }),
  '--out-interface': (state: State) => state.matches.push({ kind: 'never' }),
  '-s': address('-s'),
  '--source': address('-s'),
  '--src': address('-s'),
  '-d': address('-d'),
  '--destination': address('-d'),
  '--dst': address('-d'),
  '--dport': ports,
  '--destination-port': ports,
  '--dports': ports,
  '--destination-ports': ports,
  '--ports': depends('--ports'),
  '--sport': depends('--sport'),
  '--source-port': depends('--sport'),
  '--sports': depends('--sports'),
  '--source-ports': depends('--sports'),
  '--state': states,
  '--ctstate': states,
  '--comment': ignored,
  '--rt-type': routingHeader,
  '--hl-eq': depends('--hl-eq'),
  '--hl-lt': depends('--hl-lt'),
  '--hl-gt': depends('--hl-gt'),
  '--dst-type': destinationType,
  '--src-type': depends('--src-type'),
  '-m': (state: State, value: string) => {
    state.module = value;
  },
  '-j': target,
  '--jump': target,
  '-g': (state: State, value: string) => {
    state.verdict = { kind: 'goto', chain: value };
  },
  '--icmp-type': (state: State) => state.matches.push({ kind: 'protocol', protocols: ['icmp'], negated: false }),
  '--icmpv6-type': (state: State) => state.matches.push({ kind: 'protocol', protocols: ['icmpv6'], negated: false }),
  '--tcp-flags': (state: State, value: string, more: () => string) =>
    flags(state, parseTcpFlags(value), parseTcpFlags(more())),
  '-w': ignored,
  '--wait': ignored,
});

/** Matches of extensions whose outcome the image cannot know, with one value each. */
const unknowable: ReadonlySet<string> = new Set(
  (
    'limit limit-burst limit-iface-in hashlimit hashlimit-upto hashlimit-above hashlimit-burst hashlimit-mode hashlimit-name ' +
    'hashlimit-htable-expire connlimit-upto connlimit-above connlimit-mask mark mac-source src-range dst-range ' +
    'uid-owner gid-owner pkt-type ttl-eq ttl-lt ttl-gt hl-eq length name seconds hitcount probability timestart timestop ' +
    'datestart datestop weekdays physdev-in ctdir ctproto ctstatus ctorigdst ctorigsrc helper mode every quota path'
  ).split(' '),
);
const unknowableSwitches: ReadonlySet<string> = new Set(
  'set update rcheck remove rsource rdest rttl connlimit-saddr connlimit-daddr physdev-is-bridged'.split(' '),
);

/** The words behind `-A CHAIN`, as split by the shell. Options of targets are passed over. */
export function parseRuleArguments(words: readonly string[]): ParsedRule {
  const state: State = { matches: [], verdict: { kind: 'none' }, module: '', negated: false };
  let hasTarget = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '!') {
      state.negated = true;
      continue;
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const next = (): string => words[++at] ?? '';
    const value = (): string => {
      if (equals >= 0) return word.slice(equals + 1);
      // The older syntax has the exclamation mark behind the option.
      if (words[at + 1] === '!') {
        state.negated = true;
        at++;
      }
      return next();
    };
    const option = options[name];
    if (name === '-w' || name === '--wait') {
      if (/^[0-9]+$/.test(words[at + 1] ?? '')) at++;
    } else if (name === '-4' || name === '-6' || name === '--ipv4' || name === '--ipv6') {
      state.matches.push({ kind: 'family', family: name.includes('4') ? 'ip' : 'ip6' });
    } else if (name === '--syn') flags(state, parseTcpFlags('fin,syn,rst,ack'), SYN);
    else if (option) {
      option(state, value(), next);
      hasTarget ||= name === '-j' || name === '--jump' || name === '-g';
    } else if (hasTarget) continue;
    // The reverse path of a packet from a neighbour is the interface it came in by.
    else if (state.module === 'rpfilter' && name.startsWith('--')) {
      if (name === '--invert') state.matches.push({ kind: 'never' });
    } else if (state.module === 'set' && name === '--match-set')
      depends('--match-set')(state, `${next()} ${next()}`, next);
    else if (unknowableSwitches.has(name.slice(2))) depends(name)(state, '', next);
    else if (unknowable.has(name.slice(2))) depends(name)(state, value(), next);
    else state.matches.push({ kind: 'opaque', text: word });
    state.negated = false;
  }
  return { matches: state.matches, verdict: state.verdict };
}
