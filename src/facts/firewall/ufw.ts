/**
 * ufw: `before.rules`, `user.rules`, `after.rules` in the syntax of iptables-restore, joined to INPUT as ufw-init does it,
 * with the default policy of /etc/default/ufw. With `IPV6=yes` there is a second set of files and chains for IPv6.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { parseEnvFile } from '../environment/env-file.ts';
import type { Gap } from '../fact.ts';
import type { Family, PacketFilter } from './firewall-fact.ts';
import { FilterTables } from './iptables/filter-tables.ts';
import { loadSaveFile } from './iptables/save-file.ts';
import type { FilterReading } from './nftables/read-nftables.ts';

const settingsFile = '/etc/default/ufw';
/** Whether `ufw enable` was run. */
const switchFile = '/etc/ufw/ufw.conf';

/** Files end in `.rules` and `6.rules`, chains begin with `ufw-` and `ufw6-`. */
const sets: readonly { readonly family: Family; readonly suffix: string }[] = [
  { family: 'ip', suffix: '' },
  { family: 'ip6', suffix: '6' },
];
const ruleFiles = ['before', 'user', 'after'];
/** What ufw-init appends to INPUT, and the user's chain to ufw's own; behind the prefix. */
const links: readonly (readonly [string, string])[] = [
  ['', 'before-logging-input'],
  ['', 'before-input'],
  ['', 'after-input'],
  ['', 'after-logging-input'],
  ['', 'reject-input'],
  ['', 'track-input'],
  ['before-input', 'user-input'],
];
/** Chains ufw-init makes itself. */
const ownChains = [
  ...['before-logging-input', 'before-input', 'after-input', 'after-logging-input', 'reject-input', 'track-input'],
  ...['user-input', 'not-local', 'logging-deny', 'logging-allow', 'skip-to-policy-input'],
];

/** The filters ufw would load, one for each family; none if it is not switched on. */
export function readUfw(view: RootView, unit: string): readonly FilterReading[] {
  const gaps: Gap[] = [];
  const read = (path: string, into = gaps): string | undefined => {
    try {
      return view.readText(path);
    } catch (thrown) {
      into.push({ cause: damageFrom(asImageError(thrown)) });
      return undefined;
    }
  };
  const isOn = settingOf(read(switchFile), 'ENABLED')?.toLowerCase() === 'yes';
  if (!isOn && gaps.length === 0) return [];
  const settings = read(settingsFile);
  const policy = settingOf(settings, 'DEFAULT_INPUT_POLICY') ?? 'DROP';
  const hasIpv6 = settingOf(settings, 'IPV6')?.toLowerCase() !== 'no';
  const used = sets.filter(({ family }) => family === 'ip' || hasIpv6);
  return used.map((set) => {
    const own: Gap[] = [];
    const filter = readSet(view, unit, set, policy === 'ACCEPT' ? 'ACCEPT' : 'DROP', (path) => read(path, own));
    const keyed = own.map((gap) => (set.family === 'ip' ? gap : { ...gap, keys: [set.family] }));
    return { filter, gaps: set.family === 'ip' ? [...gaps, ...keyed] : keyed };
  });
}

function readSet(
  view: RootView,
  unit: string,
  { family, suffix }: (typeof sets)[number],
  fate: 'ACCEPT' | 'DROP',
  read: (path: string) => string | undefined,
): PacketFilter {
  const place = view.locate(settingsFile);
  const tables = new FilterTables([family]);
  const location = view.locate(`/etc/ufw/user${suffix}.rules`);
  const chain = (name: string): string => (name === '' ? 'INPUT' : `ufw${suffix}-${name}`);
  tables.setPolicy('filter', 'INPUT', fate, place);
  for (const name of ownChains) tables.create('filter', chain(name), location);
  for (const name of ruleFiles) {
    const path = `/etc/ufw/${name}${suffix}.rules`;
    const text = read(path);
    if (text !== undefined) loadSaveFile(text, view.locate(path), tables);
  }
  for (const [from, target] of links) tables.add('filter', chain(from), ['-j', chain(target)], location);
  // The chain for "what the policy says", which limits and logging lead to.
  tables.add('filter', chain('skip-to-policy-input'), ['-j', fate], place);
  const { problems } = tables;
  return { kind: 'ufw', unit, families: [family], location, chains: tables.compile(), problems };
}

function settingOf(text: string | undefined, key: string): string | undefined {
  return text === undefined ? undefined : parseEnvFile(text).findLast((one) => one.key === key)?.value;
}
