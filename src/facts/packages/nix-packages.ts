/**
 * The packages of a NixOS system: store paths that are packages, by name and version, each with the nearest level it is at:
 * a command of it is on PATH, the system's closure holds it, or it only lies in the store.
 */
import type { KnownPaths } from '../../root/nixos/known-paths.ts';
import { parseStorePath } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import { walkClosure } from '../nix-store/closure.ts';
import { isPackageName, parseNixName } from './nix-name.ts';
import type { InstalledPackage } from './packages-fact.ts';

export interface NixStoreContent {
  readonly toplevel: string;
  readonly present: ReadonlySet<string>;
  /** Without a record of references, what is not on PATH has no level. */
  readonly known: KnownPaths | undefined;
  readonly architecture: string;
}

type Level = NonNullable<InstalledPackage['level']>;

const programs = ['sw/bin', 'sw/sbin'];
const levels: readonly Level[] = ['path', 'closure', 'store'];

/** In the order of the store; outputs of one package are one record, at the nearest of their levels. */
export function readNixPackages(view: RootView, content: NixStoreContent): readonly InstalledPackage[] {
  const { toplevel, present, known, architecture } = content;
  const onPath = findOnPath(view, toplevel);
  const closure = known && walkClosure(toplevel, known, (path) => present.has(path)).paths;
  const packages = new Map<string, InstalledPackage>();
  for (const path of present) {
    const text = parseStorePath(path)?.name ?? '';
    if (!isPackageName(text) && !onPath.has(path)) continue;
    const { name, version } = parseNixName(text);
    const level = onPath.has(path) ? 'path' : closure && (closure.has(path) ? 'closure' : 'store');
    const key = `${name} ${version}`;
    const other = packages.get(key);
    if (other && nearness(other.level) <= nearness(level)) continue;
    packages.set(key, {
      name,
      version,
      architecture,
      status: 'installed',
      location: view.locate(path),
      ...(level === undefined ? {} : { level }),
    });
  }
  return [...packages.values()];
}

function nearness(level: Level | undefined): number {
  return level === undefined ? levels.length : levels.indexOf(level);
}

/** Store paths that commands of the system lie in, links followed to where the program is. */
function findOnPath(view: RootView, toplevel: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const directory of programs) {
    const path = `${toplevel}/${directory}`;
    for (const { name, type } of view.list(path) ?? []) {
      const target = type === 'symlink' ? view.readLink(`${path}/${name}`) : undefined;
      const parsed = target === undefined ? undefined : parseStorePath(target);
      if (parsed) found.add(parsed.path);
    }
  }
  return found;
}
