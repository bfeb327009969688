/**
 * "Is port P open on interface I at boot?": a packet that opens a connection from another node is led through the base
 * chains of every filter, as netfilter does it: hook by hook, by priority; a drop is final, an accept ends one base chain.
 * Conditions the image cannot know (sender, rate) leave both ways open, and the answer is conditional.
 */
import { matchesGlob } from '../conf-files/glob.ts';
import type { Family, FilterChain, FilterRule, FirewallFact, Hook, PacketFilter, RuleMatch } from './firewall-fact.ts';

export interface PortQuestion {
  readonly protocol: 'tcp' | 'udp';
  /** A range, both ends included. */
  readonly from: number;
  readonly to: number;
  /** Any interface to the outside unless given. */
  readonly interface?: string;
  /** IPv4 unless given. */
  readonly family?: Family;
}

export interface PortAnswer {
  readonly state: 'open' | 'closed' | 'conditional' | 'unknown';
  /** The part of the range it is about, if not all of it. */
  readonly ports?: { readonly from: number; readonly to: number };
  /** The rule, chain policy or problem that decides; absent where no filter does. */
  readonly decidedBy?: { readonly text: string; readonly location: FilterRule['location'] };
}

/** Comparisons one question may take over all rules. */
const MAX_STEPS = 5_000_000;
/** Chains within chains (NFT_JUMP_STACK_SIZE of the kernel). */
const MAX_JUMPS = 16;

/** The worst that can happen to any port of the range. */
export function decidePort(fact: FirewallFact, question: PortQuestion): PortAnswer {
  let worst: PortAnswer = { state: 'open' };
  const budget = { steps: MAX_STEPS };
  for (const { from, to } of segmentsOf(fact, question)) {
    for (const filter of fact.filters) {
      const answer = decideInFilter(filter, { ...question, port: from }, budget);
      const isWhole = from === question.from && to === question.to;
      if (rank[answer.state] > rank[worst.state] || (answer.state === 'open' && !worst.decidedBy))
        worst = isWhole || answer.state === 'open' ? answer : { ...answer, ports: { from, to } };
      if (worst.state === 'closed') return worst;
    }
  }
  return worst;
}

const rank: Readonly<Record<PortAnswer['state'], number>> = { open: 0, conditional: 1, unknown: 2, closed: 3 };

export interface PortSegment {
  readonly from: number;
  readonly to: number;
  readonly state: PortAnswer['state'];
}

/** The whole range as parts within which all ports fare alike; neighbours differ. What the budget does not reach is unknown. */
export function splitPorts(fact: FirewallFact, question: PortQuestion): readonly PortSegment[] {
  const budget = { steps: MAX_STEPS };
  const segments: PortSegment[] = [];
  for (const { from, to } of segmentsOf(fact, question)) {
    const state = worstOf(fact, { ...question, port: from }, budget);
    const last = segments.at(-1);
    if (last?.state === state) segments[segments.length - 1] = { ...last, to };
    else segments.push({ from, to, state });
  }
  return segments;
}

function worstOf({ filters }: FirewallFact, packet: Packet, budget: { steps: number }): PortAnswer['state'] {
  let worst: PortAnswer['state'] = 'open';
  for (const filter of filters) {
    const { state } = decideInFilter(filter, packet, budget);
    if (rank[state] > rank[worst]) worst = state;
  }
  return worst;
}

/** The range cut where any rule's range begins or ends: within one part all ports fare alike. */
function segmentsOf({ filters }: FirewallFact, { from, to }: PortQuestion): readonly { from: number; to: number }[] {
  const starts = new Set([from]);
  for (const { chains } of filters)
    for (const name in chains)
      for (const { matches } of (chains[name] as FilterChain).rules)
        for (const match of matches)
          if (match.kind === 'port')
            for (const range of match.ranges)
              for (const start of [range.from, range.to + 1]) if (start > from && start <= to) starts.add(start);
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((start, i) => ({ from: start, to: (sorted[i + 1] ?? to + 1) - 1 }));
}

interface Packet {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly interface?: string;
  readonly family?: Family;
}

const hookOrder: readonly Hook[] = ['ingress', 'prerouting', 'input'];

function decideInFilter(filter: PacketFilter, packet: Packet, budget: { steps: number }): PortAnswer {
  if (filter.families && !filter.families.includes(packet.family ?? 'ip')) return { state: 'open' };
  const [problem] = filter.problems;
  if (problem) return { state: 'unknown', decidedBy: { text: problem.message, location: problem.location } };
  const family = packet.family ?? 'ip';
  const bases = Object.values(filter.chains).filter(({ base, families }) => base && families.includes(family));
  bases.sort((a, b) => order(a) - order(b));
  let worst: PortAnswer = { state: 'open' };
  for (const base of bases) {
    const answer = decideInChain(filter, base, packet, budget);
    if (rank[answer.state] > rank[worst.state] || (!worst.decidedBy && base.base?.hook === 'input')) worst = answer;
    if (worst.state === 'closed') break;
  }
  return worst;
}

const order = ({ base }: FilterChain): number =>
  base ? hookOrder.indexOf(base.hook) * 1e9 + Math.max(-4e8, Math.min(4e8, base.priority)) : 0;

/** How sure it is that a packet gets to a rule, or matches it. */
type Certainty = 'yes' | 'depends' | 'opaque';
const doubts: readonly Certainty[] = ['yes', 'depends', 'opaque'];
const lessSure = (a: Certainty, b: Certainty): Certainty => (doubts.indexOf(a) >= doubts.indexOf(b) ? a : b);

interface Frame {
  readonly chain: FilterChain;
  next: number;
  certainty: Certainty;
  /** The doubt about being here began with this frame. */
  isDoubted: boolean;
}

/** One base chain: an explicit stack of chains, and what may have happened on the way. */
function decideInChain(filter: PacketFilter, base: FilterChain, packet: Packet, budget: { steps: number }): PortAnswer {
  const stack: Frame[] = [{ chain: base, next: 0, certainty: 'yes', isDoubted: false }];
  const maybe: { accept?: FilterRule; drop?: FilterRule; opaque?: FilterRule } = {};
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const rule = frame.chain.rules[frame.next++];
    if (!rule) {
      stack.pop();
      continue;
    }
    budget.steps -= costOf(rule);
    if (budget.steps <= 0) return unknown(rule, 'the rules lead through too many chains to follow');
    const matches = matchRule(rule.matches, packet);
    const { verdict } = rule;
    if (matches === 'no' || verdict.kind === 'none') continue;
    const certainty = lessSure(frame.certainty, matches);
    if (verdict.kind === 'jump' || verdict.kind === 'goto') {
      const chain = filter.chains[verdict.chain];
      if (!chain) return unknown(rule, `there is no chain ${verdict.chain}`);
      if (stack.length > MAX_JUMPS) return unknown(rule, 'chains jump too deep');
      if (verdict.kind === 'goto' && matches === 'yes') stack.pop();
      stack.push({ chain, next: 0, certainty, isDoubted: matches !== 'yes' });
    } else if (verdict.kind === 'return') {
      if (matches === 'yes') stack.pop();
      else Object.assign(frame, { certainty, isDoubted: true });
    } else if (verdict.kind === 'opaque' || certainty === 'opaque') {
      maybe.opaque ??= rule;
      if (matches === 'yes') leaveDoubt(stack);
    } else if (certainty === 'yes') return conclude(verdict.kind, maybe, rule);
    else {
      maybe[verdict.kind] ??= rule;
      if (matches === 'yes') leaveDoubt(stack);
    }
  }
  return conclude(base.base?.policy ?? 'accept', maybe, {
    text: `policy ${base.base?.policy} of ${base.name}`,
    location: base.location,
  });
}

/** A packet that got here is done with; what goes on is the packet that did not. */
function leaveDoubt(stack: Frame[]): void {
  for (let top = stack.pop(); top && !top.isDoubted; ) top = stack.pop();
}

/** A rule costs what comparing its port ranges costs. */
function costOf({ matches }: FilterRule): number {
  let cost = 1;
  for (const match of matches) cost += match.kind === 'port' ? match.ranges.length : 1;
  return cost;
}

function unknown({ location }: FilterRule, text: string): PortAnswer {
  return { state: 'unknown', decidedBy: { text, location } };
}

function conclude(
  verdict: 'accept' | 'drop',
  maybe: { readonly accept?: FilterRule; readonly drop?: FilterRule; readonly opaque?: FilterRule },
  by: { readonly text: string; readonly location: FilterRule['location'] },
): PortAnswer {
  const decider = ({ text, location }: typeof by): PortAnswer['decidedBy'] => ({ text, location });
  const contrary = verdict === 'accept' ? maybe.drop : maybe.accept;
  if (maybe.opaque)
    return { state: 'unknown', decidedBy: { text: maybe.opaque.text, location: maybe.opaque.location } };
  if (contrary) return { state: 'conditional', decidedBy: { text: contrary.text, location: contrary.location } };
  const decidedBy = decider(by);
  return { state: verdict === 'accept' ? 'open' : 'closed', ...(decidedBy ? { decidedBy } : {}) };
}

function matchRule(matches: readonly RuleMatch[], packet: Packet): Certainty | 'no' {
  let certainty: Certainty = 'yes';
  for (const match of matches) {
    const state = matchOne(match, packet);
    if (state === 'no') return 'no';
    certainty = lessSure(certainty, state);
  }
  return certainty;
}

const truth = (holds: boolean, negated: boolean): Certainty | 'no' => (holds !== negated ? 'yes' : 'no');

function matchOne(match: RuleMatch, packet: Packet): Certainty | 'no' {
  switch (match.kind) {
    case 'family':
      return truth(match.family === (packet.family ?? 'ip'), false);
    case 'protocol':
      return truth(match.protocols.includes(packet.protocol), match.negated);
    case 'port':
      return truth(
        match.ranges.some(({ from, to }) => from <= packet.port && packet.port <= to),
        match.negated,
      );
    case 'state':
      return truth(match.states.includes('new'), match.negated);
    case 'interface':
      return matchIncoming(match.names, match.negated, packet.interface);
    case 'never':
      return 'no';
    default:
      return match.kind;
  }
}

/** Interfaces that k3s and container engines make inside the node: no other node's packet comes in by one. */
const insideInterfaces = ['lo', 'cni*', 'flannel*', 'docker*', 'veth*', 'virbr*', 'kube-*'];
const isInside = (name: string): boolean => insideInterfaces.some((pattern) => matchesGlob(pattern, name));

function matchIncoming(names: readonly string[], negated: boolean, asked: string | undefined): Certainty | 'no' {
  if (asked !== undefined)
    return truth(
      names.some((name) => matchesGlob(name, asked)),
      negated,
    );
  if (names.some((name) => name === '*')) return truth(true, negated);
  return names.every(isInside) ? truth(false, negated) : 'depends';
}
