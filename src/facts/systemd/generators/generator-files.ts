/** The programs that make units at boot: the directories of system generators, and which files of them count. systemd.generator(7). */
import { compareNames } from '../../../bytes/names.ts';
import type { RootView } from '../../../root/root-view.ts';

const directories = ['/run', '/etc', '/usr/local/lib', '/usr/lib'].map(
  (prefix) => `${prefix}/systemd/system-generators`,
);

/** Path of the generator of that name; undefined if there is none, or if it is masked. Throws if that cannot be told. */
export function findGenerator(view: RootView, name: string): string | undefined {
  const path = directories.map((directory) => `${directory}/${name}`).find((one) => view.lstat(one) !== undefined);
  return path !== undefined && isProgram(view, path) ? path : undefined;
}

/** Paths of all generators that are not systemd's own, by name. Throws if a directory cannot be read. */
export function listOtherGenerators(view: RootView): readonly string[] {
  const found = new Map<string, string>();
  for (const directory of directories)
    for (const { name } of view.list(directory) ?? [])
      if (!name.startsWith('systemd-') && !found.has(name)) found.set(name, `${directory}/${name}`);
  return [...found]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([, path]) => path)
    .filter((path) => isProgram(view, path));
}

function isProgram(view: RootView, path: string): boolean {
  const resolution = view.resolve(path);
  if (resolution.state === 'unreadable') throw resolution.error;
  if (resolution.path === '/dev/null') return false;
  const stat = view.stat(path);
  return stat?.type === 'file' && (stat.mode & 0o111) !== 0 && stat.size > 0;
}
