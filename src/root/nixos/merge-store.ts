/**
 * A store in two volumes, as an overlay at /nix/store has it (nixpkgs: iso-image.nix, netboot.nix): the root's own paths lie over
 * those of a volume. The side with more paths is mounted whole, each path of the other is mounted into it. Whiteouts are not read.
 */
import type { Limits } from '../../limits.ts';
import { type Mount, RootView } from '../root-view.ts';
import { isStoreName, storeDirectory } from './store-path.ts';

/** The mounts that put `store` below the store paths that `root` has itself. */
export function mergeStores(root: Mount, store: Mount, limits: Limits): readonly Mount[] {
  const upper = new RootView([root], limits);
  const at = storeDirectory.slice(store.path.length) || '/';
  const lower = new RootView([{ ...store, path: '/' }], limits);
  const own = namesIn(upper, storeDirectory);
  const others = namesIn(lower, at);
  if (own.length <= others.length) return [store, ...own.flatMap((name) => mountPath(upper, storeDirectory, name))];
  const known = new Set(own);
  return others.filter((name) => !known.has(name)).flatMap((name) => mountPath(lower, at, name));
}

function namesIn(view: RootView, directory: string): readonly string[] {
  return (view.list(directory) ?? []).map(({ name }) => name).filter(isStoreName);
}

function mountPath(view: RootView, directory: string, name: string): readonly Mount[] {
  const found = view.find(`${directory}/${name}`, 'parents');
  if (!found) return [];
  const { fileSystem, node, innerPath } = found;
  const because = 'the store lies in two volumes';
  return [{ path: `${storeDirectory}/${name}`, fileSystem, node, innerPath, isPart: true, because }];
}
