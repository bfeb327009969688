/**
 * The toplevel of a NixOS system: a store directory whose entries name all of it (nixpkgs: nixos/modules/system/activation/
 * top-level.nix). Containers have no kernel, so only `activate`, `etc` and `sw` make one.
 */
import type { RootView } from '../root-view.ts';
import { parseStorePath } from './store-path.ts';

const required = ['activate', 'etc', 'sw'] as const;
const namePrefix = 'nixos-system-';

/** Whether a store path's name is one of a toplevel. */
export function isToplevelName(name: string): boolean {
  return name.startsWith(namePrefix);
}

/** Whether a store path is a toplevel, by what is in it. Links count without being followed. */
export function isToplevel(view: RootView, path: string): boolean {
  return required.every((name) => view.find(`${path}/${name}`, 'parents') !== undefined);
}

/** The store path a text names with a file in a toplevel: `/nix/store/HASH-NAME/init`, or the toplevel itself. */
export function toplevelOf(path: string): string | undefined {
  const parsed = parseStorePath(path);
  if (!parsed || !['', '/', '/init', '/prepare-root'].includes(parsed.rest)) return undefined;
  return parsed.path;
}

/** Specialisations by name, each with its toplevel; `fine-tune` before 20.09 is not read. */
export function listSpecialisations(view: RootView, toplevel: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name } of view.list(`${toplevel}/specialisation`) ?? []) {
    const target = view.find(`${toplevel}/specialisation/${name}`);
    if (target) found.set(name, target.path);
  }
  return found;
}
