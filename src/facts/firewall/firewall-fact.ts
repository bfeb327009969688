/**
 * The fact `firewall`: the packet filters that boot loads, in one model for all syntaxes. Only what decides about packets to
 * the node itself is kept: chains at ingress, prerouting and input, and those they jump to.
 */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

export type FilterKind = 'nftables' | 'iptables' | 'ufw' | 'firewalld';
export type Family = 'ip' | 'ip6';

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** A condition of a rule on a packet; all of a rule's must hold. */
export type RuleMatch =
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'protocol'; readonly protocols: readonly string[]; readonly negated: boolean }
  /** Destination port. */
  | { readonly kind: 'port'; readonly ranges: readonly PortRange[]; readonly negated: boolean }
  /** Interface the packet comes in by: shell patterns. */
  | { readonly kind: 'interface'; readonly names: readonly string[]; readonly negated: boolean }
  /** Connection tracking states. */
  | { readonly kind: 'state'; readonly states: readonly string[]; readonly negated: boolean }
  /** No packet that opens a connection from outside has it. */
  | { readonly kind: 'never' }
  /** Depends on the sender, on rate, time or marks. */
  | { readonly kind: 'depends'; readonly text: string }
  /** Not understood. */
  | { readonly kind: 'opaque'; readonly text: string };

export type RuleVerdict =
  /** `none`: the rule counts or logs, and the next one is tried. */
  | { readonly kind: 'accept' | 'drop' | 'return' | 'none' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'opaque'; readonly text: string };

export interface FilterRule {
  readonly matches: readonly RuleMatch[];
  readonly verdict: RuleVerdict;
  readonly location: Location;
  /** The rule as written. */
  readonly text: string;
}

export type Hook = 'ingress' | 'prerouting' | 'input';

export interface FilterChain {
  readonly name: string;
  readonly families: readonly Family[];
  /** A base chain: where packets enter it, and what becomes of those no rule decides on. */
  readonly base?: { readonly hook: Hook; readonly priority: number; readonly policy: 'accept' | 'drop' };
  readonly location: Location;
  readonly rules: readonly FilterRule[];
}

export interface FilterProblem {
  readonly message: string;
  readonly location: Location;
  /** Its program refuses it for sure, and loads nothing of the filter; else it may be that only check-image does not know it. */
  readonly isRefused?: true;
}

export interface PacketFilter {
  readonly kind: FilterKind;
  /** The unit that loads it. */
  readonly unit: string;
  /** Packets it sees; all of them unless given. */
  readonly families?: readonly Family[];
  readonly location: Location;
  /** By full name: `inet filter input`, `filter INPUT`. */
  readonly chains: Table<FilterChain>;
  /** What was not understood: then nobody can tell what the filter does. */
  readonly problems: readonly FilterProblem[];
}

export interface FirewallFact {
  /** Filters whose unit starts at boot. */
  readonly filters: readonly PacketFilter[];
  /** Configuration that is there, but that nothing loads. */
  readonly idle: readonly { readonly kind: FilterKind; readonly because: string; readonly location: Location }[];
}
