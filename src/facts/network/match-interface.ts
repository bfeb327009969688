/**
 * [Match] of systemd.network(5) and systemd.link(5) against an interface known by name and kind. Conditions on what only
 * the machine has (hardware address, bus path, driver) end in `perhaps`.
 */
import { matchesGlob } from '../conf-files/glob.ts';
import type { MatchCondition } from './network-fact.ts';

export interface InterfaceIdentity {
  readonly name: string;
  /** Kind of a software device; absent for hardware. */
  readonly kind?: string;
}

export type MatchState = 'yes' | 'no' | 'perhaps';

/** Whether all conditions hold. No condition at all matches nothing, as systemd has it. */
export function matchInterface(conditions: readonly MatchCondition[], identity: InterfaceIdentity): MatchState {
  if (conditions.length === 0) return 'no';
  let state: MatchState = 'yes';
  for (const condition of conditions) {
    const holds = matchCondition(condition, identity);
    if (holds === 'no') return 'no';
    if (holds === 'perhaps') state = 'perhaps';
  }
  return state;
}

function matchCondition({ key, patterns, negated }: MatchCondition, identity: InterfaceIdentity): MatchState {
  const value = propertyOf(key, identity);
  if (value === undefined) return 'perhaps';
  const matches = value !== '' && patterns.some((pattern) => matchesGlob(pattern, value));
  return matches !== negated ? 'yes' : 'no';
}

/** Undefined: only the machine can tell. Empty: the interface has no such property. */
function propertyOf(key: string, { name, kind }: InterfaceIdentity): string | undefined {
  switch (key) {
    case 'Name':
    case 'OriginalName':
      return name;
    case 'Kind':
      return kind ?? '';
    case 'Type':
      return typeOf(name, kind);
    default:
      return undefined;
  }
}

/** Device types of networkctl(1): software devices of these kinds are their own type, hardware is taken for Ethernet. */
const ownTypes: ReadonlySet<string> = new Set(['vlan', 'bond', 'bridge', 'vxlan', 'wireguard', 'gre', 'ipip', 'sit']);

function typeOf(name: string, kind: string | undefined): string {
  if (name === 'lo') return 'loopback';
  if (kind !== undefined) return ownTypes.has(kind) ? kind : 'ether';
  return name.startsWith('wl') ? 'wlan' : name.startsWith('ww') ? 'wwan' : 'ether';
}

/** The names a match spells out, without wildcards. */
export function literalNames(conditions: readonly MatchCondition[]): readonly string[] {
  return conditions.flatMap(({ key, patterns, negated }) =>
    key === 'Name' && !negated ? patterns.filter((pattern) => !/[*?[]/.test(pattern)) : [],
  );
}
