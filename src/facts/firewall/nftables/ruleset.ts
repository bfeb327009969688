/** The objects of nftables that decide about packets: tables, chains with rules not compiled yet, sets. */
import type { Location } from '../../../location.ts';
import type { Family, Hook } from '../firewall-fact.ts';
import type { Token } from './tokens.ts';

export interface RawRule {
  readonly tokens: readonly Token[];
  readonly location: Location;
}

export interface NftChain {
  readonly name: string;
  readonly location: Location;
  /** Without a hook: one that no packet to the node passes. */
  base?: { readonly hook: Hook | undefined; readonly priority: number };
  policy: 'accept' | 'drop';
  readonly rules: RawRule[];
}

export interface NftSet {
  readonly name: string;
  /** Filled while the machine runs. */
  isDynamic: boolean;
  readonly elements: Token[];
}

export interface NftTable {
  /** Families of packets its chains see. */
  readonly families: readonly Family[];
  /** With the family: `inet filter`. */
  readonly name: string;
  readonly chains: Map<string, NftChain>;
  readonly sets: Map<string, NftSet>;
  isDormant: boolean;
}

/** By the words of table names. */
export const tableFamilies: Readonly<Record<string, readonly Family[]>> = {
  ip: ['ip'],
  ip6: ['ip6'],
  inet: ['ip', 'ip6'],
  netdev: ['ip', 'ip6'],
  arp: [],
  bridge: [],
};

const hooks: Readonly<Record<string, Hook>> = { ingress: 'ingress', prerouting: 'prerouting', input: 'input' };
export const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** `type filter hook input [device x] priority filter + 10`; undefined if hook or priority make no sense. */
export function parseBaseChain(words: readonly string[]): NftChain['base'] | undefined {
  const hook = words.indexOf('hook') < 0 ? undefined : words[words.indexOf('hook') + 1];
  const at = words.indexOf('priority');
  if (hook === undefined || at < 0) return undefined;
  const [base = '', ...more] = words
    .slice(at + 1)
    .join(' ')
    .split(/\s+/);
  const number = Object.hasOwn(priorities, base) ? (priorities[base] as number) : Number(base);
  const priority = number + Number(more.join('') || '0');
  return Number.isNaN(priority) ? undefined : { hook: Object.hasOwn(hooks, hook) ? hooks[hook] : undefined, priority };
}
