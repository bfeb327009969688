/**
 * The packages of a NixOS system: store paths that are packages, by name and version, each with the nearest level it is at:
 * a command of it is on PATH, the system's closure holds it, or it only lies in the store.
 */
import { parseStorePath } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import { isPackageName, parseNixName } from './nix-name.ts';
import type { InstalledPackage } from './packages-fact.ts';

export interface NixStoreContent {
  readonly toplevel: string;
  readonly present: ReadonlySet<string>;
  readonly architecture: string;
  /** The paths the system refers to, asked for when the level of a package is; undefined if they are not known. */
  readonly closure: () => ReadonlySet<string> | undefined;
}

type Level = NonNullable<InstalledPackage['level']>;

const programs = ['sw/bin', 'sw/sbin'];

/** In the order of the store; outputs of one package are one record, at the nearest of their levels. */
export function readNixPackages(view: RootView, content: NixStoreContent): readonly InstalledPackage[] {
  const { toplevel, present, architecture } = content;
  const onPath = findOnPath(view, toplevel);
  const outputs = new Map<string, string[]>();
  for (const path of present) {
    const text = parseStorePath(path)?.name ?? '';
    if (!isPackageName(text) && !onPath.has(path)) continue;
    const { name, version } = parseNixName(text);
    const key = `${name}\0${version}`;
    const known = outputs.get(key);
    if (known) known.push(path);
    else outputs.set(key, [path]);
  }
  return [...outputs].map(([key, paths]) => {
    const [name = '', version = ''] = key.split('\0');
    const commands = paths.find((path) => onPath.has(path));
    const location = view.locate(commands ?? paths[0] ?? toplevel);
    const found = { name, version, architecture, status: 'installed', location } as const;
    return commands === undefined ? withLevel(found, paths, content) : { ...found, level: 'path' };
  });
}

/** What is not on PATH: whether the system refers to it takes its closure, which may have to be searched for. */
function withLevel(
  found: Omit<InstalledPackage, 'level'>,
  paths: readonly string[],
  { closure }: NixStoreContent,
): InstalledPackage {
  return {
    ...found,
    get level(): Level | undefined {
      const used = closure();
      return used && (paths.some((path) => used.has(path)) ? 'closure' : 'store');
    },
  };
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
