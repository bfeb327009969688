/**
 * ufw: `before.rules`, `user.rules`, `after.rules` in the syntax of iptables-restore, joined to INPUT as ufw-init does it,
 * with the default policy of /etc/default/ufw. IPv4 only; ufw filters IPv6 by the same user rules.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { parseEnvFile } from '../environment/env-file.ts';
import type { Gap } from '../fact.ts';
import { FilterTables } from './iptables/filter-tables.ts';
import { loadSaveFile } from './iptables/save-file.ts';
import type { FilterReading } from './nftables/read-nftables.ts';

const settingsFile = '/etc/default/ufw';
/** Whether `ufw enable` was run. */
const switchFile = '/etc/ufw/ufw.conf';
const ruleFiles = ['before.rules', 'user.rules', 'after.rules'];
/** What ufw-init appends to INPUT, and the user's chain to ufw's own. */
const links: readonly (readonly [string, string])[] = [
  ['INPUT', 'ufw-before-logging-input'],
  ['INPUT', 'ufw-before-input'],
  ['INPUT', 'ufw-after-input'],
  ['INPUT', 'ufw-after-logging-input'],
  ['INPUT', 'ufw-reject-input'],
  ['INPUT', 'ufw-track-input'],
  ['ufw-before-input', 'ufw-user-input'],
];
/** Chains ufw-init makes itself. */
const ownChains = [
  'ufw-before-logging-input',
  'ufw-before-input',
  'ufw-after-input',
  'ufw-after-logging-input',
  'ufw-reject-input',
  'ufw-track-input',
  'ufw-user-input',
  'ufw-not-local',
  'ufw-logging-deny',
  'ufw-logging-allow',
  'ufw-skip-to-policy-input',
];

/** The filter ufw would load; undefined if it is not switched on. */
export function readUfw(view: RootView, unit: string): FilterReading | undefined {
  const gaps: Gap[] = [];
  const read = (path: string): string | undefined => {
    try {
      return view.readText(path);
    } catch (thrown) {
      gaps.push({ cause: damageFrom(asImageError(thrown)) });
      return undefined;
    }
  };
  const isOn = settingOf(read(switchFile), 'ENABLED')?.toLowerCase() === 'yes';
  if (!isOn && gaps.length === 0) return undefined;
  const place = view.locate(settingsFile);
  const policy = settingOf(read(settingsFile), 'DEFAULT_INPUT_POLICY') ?? 'DROP';
  const tables = new FilterTables(['ip']);
  const location = view.locate('/etc/ufw/user.rules');
  const fate = policy === 'ACCEPT' ? 'ACCEPT' : 'DROP';
  tables.setPolicy('filter', 'INPUT', fate, place);
  for (const name of ownChains) tables.create('filter', name, location);
  for (const name of ruleFiles) {
    const path = `/etc/ufw/${name}`;
    const text = read(path);
    if (text !== undefined) loadSaveFile(text, view.locate(path), tables);
  }
  for (const [chain, target] of links) tables.add('filter', chain, ['-j', target], location);
  // The chain for "what the policy says", which limits and logging lead to.
  tables.add('filter', 'ufw-skip-to-policy-input', ['-j', fate], place);
  const { problems } = tables;
  return { filter: { kind: 'ufw', unit, location, chains: tables.compile(), problems }, gaps };
}

function settingOf(text: string | undefined, key: string): string | undefined {
  return text === undefined ? undefined : parseEnvFile(text).findLast((one) => one.key === key)?.value;
}
