/** What a person asks first about an image's system, from its facts: a line each, and said where not everything could be read. */
import type { FactResult } from '../facts/fact.ts';
import type { FactStore } from '../facts/fact-store.ts';
import type { K3sFact } from '../facts/k3s/k3s-fact.ts';
import type { PackagesFact } from '../facts/packages/packages-fact.ts';
import type { OverviewLine } from '../report/reader/inspection.ts';

/** In the order of the page. */
export async function readOverview(facts: FactStore): Promise<readonly OverviewLine[]> {
  await facts.prepare(['platform', 'kernel', 'packages', 'k3s', 'startup', 'network', 'accounts']);
  const platform = facts.get('platform').value;
  const kernel = facts.get('kernel');
  const packages = facts.get('packages');
  const k3s = facts.get('k3s');
  const startup = facts.get('startup');
  const network = facts.get('network');
  const accounts = facts.get('accounts');
  const name = platform.name === '' ? 'unknown system' : platform.name;
  const systemd = packages.value.packages.find((one) => one.name === 'systemd')?.version;
  const target = startup.value.defaultTarget?.unit;
  const started = Object.values(startup.value.units).filter(({ state }) => state === 'boot').length;
  const managers = network.value.managers.filter(({ state }) => state === 'started').map(({ manager }) => manager);
  const logins = accounts.value.users.filter(({ password }) => password === 'hash' || password === 'none').length;
  return [
    { title: 'system', text: [name, platform.platform, platform.architecture ?? 'architecture unknown'].join(', ') },
    ...(platform.hostname ? [{ title: 'host name', text: platform.hostname.value }] : []),
    line(
      'kernel',
      kernel.value.kernels.map((one) => `${one.release}, ${count(one.modules, 'module')}`).join('; '),
      kernel,
    ),
    line('node', describeNode(k3s.value), k3s),
    line('units', target === undefined ? '' : `${started} start at boot, to reach ${target}`, startup),
    line('packages', describePackages(packages.value, systemd), packages),
    line('network', managers.join(', '), network),
    line('accounts', describeAccounts(accounts.value.users.length, logins), accounts),
  ].filter(({ text }) => text !== '');
}

function line(title: string, text: string, { gaps }: Pick<FactResult<unknown>, 'gaps'>): OverviewLine {
  const [gap] = gaps;
  if (!gap) return { title, text };
  return { title, text: `${text === '' ? 'unknown' : text} (not all could be read: ${gap.cause.message})` };
}

function describeNode({ role, version, unit }: Pick<K3sFact, 'role' | 'version' | 'unit'>): string {
  if (role === 'none') return 'no k3s';
  const what = role === 'both' ? 'k3s server and agent' : `k3s ${role}`;
  return [what, ...(version === undefined ? [] : [version]), ...(unit === undefined ? [] : [unit])].join(', ');
}

function describePackages(
  { database, packages }: Pick<PackagesFact, 'database' | 'packages'>,
  systemd: string | undefined,
): string {
  if (database === 'none') return 'no database';
  return [`${packages.length} (${database})`, ...(systemd === undefined ? [] : [`systemd ${systemd}`])].join(', ');
}

function describeAccounts(users: number, logins: number): string {
  return users === 0 ? '' : `${users}, ${logins} with a password that works`;
}

function count(table: object, noun: string): string {
  const number = Object.keys(table).length;
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
