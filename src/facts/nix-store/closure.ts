/** Everything a store path refers to, directly or not, and what of it is not in the store. */
import type { KnownPaths } from '../../root/nixos/known-paths.ts';
import type { MissingPath, StoreClosure } from './nix-store-fact.ts';

/** Walks the references Nix wrote down. A path without a record has unknown references: the walk ends there. */
export function walkClosure(toplevel: string, known: KnownPaths, isPresent: (path: string) => boolean): StoreClosure {
  const references = new Map(known.paths.map((record) => [record.path, record.references]));
  const paths = new Set([toplevel]);
  const missing: MissingPath[] = [];
  for (const path of paths) {
    for (const reference of references.get(path) ?? []) {
      if (paths.has(reference)) continue;
      paths.add(reference);
      if (!isPresent(reference)) missing.push({ path: reference, referrer: path, location: known.location });
    }
  }
  return { by: known.from, paths, missing };
}
