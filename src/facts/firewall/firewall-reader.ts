/**
 * The fact `firewall`: every packet filter whose unit starts at boot, from its files. Rules that k3s, container engines or
 * fail2ban add to a running machine are not there yet.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { UnitStart } from '../systemd/unit-fact.ts';
import type { Family, FirewallFact, PacketFilter } from './firewall-fact.ts';
import { readFirewalld } from './firewalld/read-firewalld.ts';
import { FilterTables } from './iptables/filter-tables.ts';
import { loadSaveFile } from './iptables/save-file.ts';
import { loadStartScript } from './iptables/start-script.ts';
import { type FilterReading, readNftables } from './nftables/read-nftables.ts';
import { readUfw } from './ufw.ts';

export const firewallReader: FactReader<'firewall'> = {
  id: 'firewall',
  title: 'Packet filters that boot loads: nftables, iptables, ufw, firewalld',
  reads: [
    '/etc/nftables.conf',
    '/etc/iptables/rules.v[46]',
    '/etc/ufw/*.rules',
    '/etc/firewalld/**',
    'files named by ExecStart= of nftables.service and firewall.service',
  ],
  needs: ['startup', 'unit'],
  read: readFirewall,
};

interface Source {
  readonly kind: PacketFilter['kind'];
  readonly units: readonly string[];
  /** Configuration that says the filter was meant, for filters nothing starts. */
  readonly configuration: string;
  /** The filters; none if its program would load none. */
  readonly read: (view: RootView, context: FactContext, unit: string) => readonly FilterReading[];
}

const sources: readonly Source[] = [
  { kind: 'nftables', units: ['nftables.service'], configuration: '/etc/nftables.conf', read: readNftablesUnit },
  {
    kind: 'iptables',
    units: ['netfilter-persistent.service', 'iptables.service'],
    configuration: '/etc/iptables/rules.v4',
    read: readSavedRules,
  },
  { kind: 'iptables', units: ['firewall.service'], configuration: '', read: readStartScript },
  {
    kind: 'ufw',
    units: ['ufw.service'],
    configuration: '/etc/ufw/ufw.conf',
    read: (view, _, unit) => readUfw(view, unit),
  },
  {
    kind: 'firewalld',
    units: ['firewalld.service'],
    configuration: '/etc/firewalld/firewalld.conf',
    read: (view, _, unit) => [readFirewalld(view, unit)],
  },
];

function readFirewall(view: RootView, context: FactContext): FactResult<FirewallFact> {
  const startup = context.get('startup');
  const units = sources.flatMap((source) => source.units);
  const gaps: Gap[] = [];
  const filters: PacketFilter[] = [];
  const idle: FirewallFact['idle'][number][] = [];
  for (const source of sources) {
    const starts = source.units.map((unit) => startup.value.units[unit]);
    const running = starts.find((start) => start?.state === 'boot' && start.skippedBecause === undefined);
    const doubtful = running ? undefined : starts.find((start) => start?.state === 'unknown');
    if (doubtful) gaps.push({ cause: undecidedStart(doubtful) });
    const readings = running ? source.read(view, context, running.unit) : [];
    filters.push(...readings.map(({ filter }) => filter));
    gaps.push(...readings.flatMap((reading) => reading.gaps));
    if (
      readings.length === 0 &&
      !doubtful &&
      source.configuration !== '' &&
      isThere(view, source.configuration, gaps)
    ) {
      const masked = starts.some((start) => start?.state === 'masked');
      const because = running ? 'it is switched off' : `${source.units[0]} ${masked ? 'is masked' : 'does not start'}`;
      idle.push({ kind: source.kind, because, location: view.locate(source.configuration) });
    }
  }
  // After the questions: what hides an answer is met while it is looked for.
  const hidden = startup.gaps.filter(({ keys }) => !keys || keys.some((key) => units.includes(key)));
  gaps.unshift(...hidden.map(({ cause }) => ({ cause })));
  return { value: { filters, idle }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

function undecidedStart({ unit, skippedBecause, because, skippedAt }: UnitStart): Diagnostic {
  const why = skippedBecause === undefined ? '' : `: ${skippedBecause}`;
  const location = skippedAt ?? because.at(-1)?.location;
  const message = `whether ${unit} starts, and loads its filter, cannot be told from the image${why}`;
  return { level: 'damage', code: 'firewall/undecided-start', message, ...(location ? { location } : {}) };
}

function isThere(view: RootView, path: string, gaps: Gap[]): boolean {
  try {
    return view.find(path) !== undefined;
  } catch (thrown) {
    gaps.push({ cause: damageFrom(asImageError(thrown)) });
    return false;
  }
}

interface ExecPaths {
  readonly programs: readonly string[];
  readonly files: readonly string[];
  /** Some word defines a variable for nft. */
  readonly defines: boolean;
}

/** Absolute paths among the words of ExecStart=, the program of each line left out unless it is a script of rules itself. */
function execPaths(context: FactContext, unit: string): ExecPaths {
  const lines = context.get('unit', unit).value.directives['Service.ExecStart']?.values ?? [];
  const programs: string[] = [];
  const files: string[] = [];
  for (const { value } of lines) {
    const words = value.split(/\s+/);
    const program = (words[0] ?? '').replace(/^[@\-:+!|]+/, '');
    if (program !== '') programs.push(program);
    files.push(...words.slice(1).filter((word) => word.startsWith('/')));
  }
  return { programs, files, defines: lines.some(({ value }) => /\s(?:-[a-zA-Z]*D|--define)/.test(value)) };
}

/** `nft -f FILE`, or on NixOS a rules file that names nft in its first line. */
function readNftablesUnit(view: RootView, context: FactContext, unit: string): readonly FilterReading[] {
  const { programs, files, defines } = execPaths(context, unit);
  const scripts = programs.filter((program) => /-nftables-rules$/.test(program));
  const paths = [...scripts, ...files];
  return [readNftables(view, paths.length > 0 ? paths : ['/etc/nftables.conf'], unit, !defines)];
}

/** netfilter-persistent loads a file for each family. */
function readSavedRules(view: RootView, _context: FactContext, unit: string): readonly FilterReading[] {
  return families.flatMap(({ family, saved }) => readTables(view, unit, saved, family, loadSaveFile));
}

/** One script builds both. */
function readStartScript(view: RootView, context: FactContext, unit: string): readonly FilterReading[] {
  const [program] = execPaths(context, unit).programs.filter((one) => one.endsWith('/firewall-start'));
  if (program === undefined) return [];
  return families.flatMap(({ family }) =>
    readTables(view, unit, program, family, (text, place, tables) => loadStartScript(text, place, tables, family)),
  );
}

const families: readonly { readonly family: Family; readonly saved: string }[] = [
  { family: 'ip', saved: '/etc/iptables/rules.v4' },
  { family: 'ip6', saved: '/etc/iptables/rules.v6' },
];

/** Damage of what is for IPv6 alone has the key `ip6`. */
function readTables(
  view: RootView,
  unit: string,
  path: string,
  family: Family,
  load: typeof loadSaveFile,
): readonly FilterReading[] {
  const location = view.locate(path);
  const tables = new FilterTables([family]);
  const { problems } = tables;
  const reading = (gaps: readonly Gap[]): readonly FilterReading[] => [
    { filter: { kind: 'iptables', unit, families: [family], location, chains: tables.compile(), problems }, gaps },
  ];
  try {
    const text = view.readText(path);
    if (text === undefined) return [];
    load(text, location, tables);
    return reading([]);
  } catch (thrown) {
    const cause = damageFrom(asImageError(thrown));
    return reading([family === 'ip' ? { cause } : { cause, keys: [family] }]);
  }
}
