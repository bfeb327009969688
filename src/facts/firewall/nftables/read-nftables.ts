/** The files of nftables, with their includes, as a packet filter. Relative includes are looked for below /etc, as nft does. */
import { damageFrom } from '../../../diagnostic.ts';
import { asImageError } from '../../../errors.ts';
import type { RootView } from '../../../root/root-view.ts';
import { createTable } from '../../../table.ts';
import { isGlob, matchesGlob } from '../../conf-files/glob.ts';
import type { Gap } from '../../fact.ts';
import type { FilterChain, FilterProblem, PacketFilter } from '../firewall-fact.ts';
import { compileRule } from './compile-rule.ts';
import type { NftChain, NftTable } from './ruleset.ts';
import { NftScript, type ScriptFile } from './script.ts';

/** Where nft looks for files that are included by a relative name. */
const includeDirectory = '/etc';

export interface FilterReading {
  readonly filter: PacketFilter;
  readonly gaps: readonly Gap[];
}

/** Loads the files in order, as `nft -f` would, one after another. `isWhole`: the command line defines no variables. */
export function readNftables(view: RootView, paths: readonly string[], unit: string, isWhole = true): FilterReading {
  const gaps: Gap[] = [];
  const readFile = (path: string): ScriptFile | undefined => {
    try {
      const text = view.readText(path);
      return text === undefined ? undefined : { text, place: view.locate(path) };
    } catch (thrown) {
      gaps.push({ cause: damageFrom(asImageError(thrown)) });
      return { text: '', place: view.locate(path) };
    }
  };
  const script = new NftScript((pattern) => {
    const found = expandPattern(view, pattern, gaps).flatMap((path) => readFile(path) ?? []);
    // What lies below /var is written by the machine itself before it is read.
    return found.length > 0 || isGlob(pattern) || pattern.startsWith('/var/') ? found : undefined;
  }, isWhole);
  for (const path of paths) {
    const file = readFile(path);
    if (file) script.run(file);
    else script.problems.push({ message: `${path}, which ${unit} loads, is not there`, location: view.locate(path) });
  }
  const location = view.locate(paths[0] ?? '/etc/nftables.conf');
  const { problems, tables, isFresh } = script;
  const chains = compileTables(tables.values(), problems);
  if (isFresh && gaps.length === 0) problems.push(...findLostChains(chains));
  return { filter: { kind: 'nftables', unit, location, chains, problems }, gaps };
}

function expandPattern(view: RootView, pattern: string, gaps: Gap[]): readonly string[] {
  const path = pattern.startsWith('/') ? pattern : `${includeDirectory}/${pattern.replace(/^\.\//, '')}`;
  if (!isGlob(path)) return [path];
  const slash = path.lastIndexOf('/');
  const [directory, name] = [path.slice(0, slash), path.slice(slash + 1)];
  try {
    const names = (view.list(directory) ?? []).map((entry) => entry.name);
    return names.filter((one) => matchesGlob(name, one, { path: true })).map((one) => `${directory}/${one}`);
  } catch (thrown) {
    gaps.push({ cause: damageFrom(asImageError(thrown)) });
    return [];
  }
}

/** Jumps to chains that are not there, once no other rules are. */
function findLostChains(chains: PacketFilter['chains']): readonly FilterProblem[] {
  return Object.values(chains).flatMap(({ rules }) =>
    rules.flatMap(({ verdict, location }) =>
      (verdict.kind === 'jump' || verdict.kind === 'goto') && !chains[verdict.chain]
        ? [{ message: `there is no chain ${verdict.chain}`, location, isRefused: true as const }]
        : [],
    ),
  );
}

/** Chains by full name, with their rules compiled; what nft refuses in a rule is a problem. */
function compileTables(tables: Iterable<NftTable>, problems: FilterProblem[]): PacketFilter['chains'] {
  const chains = createTable<FilterChain>();
  for (const table of tables) {
    if (table.isDormant) continue;
    for (const chain of table.chains.values())
      chains[`${table.name} ${chain.name}`] = compileChain(chain, table, problems);
  }
  return chains;
}

function compileChain(chain: NftChain, table: NftTable, problems: FilterProblem[]): FilterChain {
  const hook = chain.base?.hook;
  return {
    name: `${table.name} ${chain.name}`,
    families: table.families,
    ...(chain.base && hook ? { base: { hook, priority: chain.base.priority, policy: chain.policy } } : {}),
    location: chain.location,
    rules: chain.rules.flatMap((raw) => {
      const { rules, mistake } = compileRule(raw, table);
      if (mistake !== undefined) problems.push({ message: mistake, location: raw.location, isRefused: true });
      return rules;
    }),
  };
}
