/**
 * The fact `nix-hashes`: whether the paths of the system still are what Nix registered. Reads all of them, in worker threads where
 * there is much to read: only asked for when that is meant.
 */
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import { hashPaths } from './hash-paths.ts';
import type { NixHashesFact } from './nix-hash-fact.ts';
import { shareContentHashes, shareRegisteredHashes } from './nix-hash-reader.ts';
import { shareClosure, shareKnownPaths } from './share-closure.ts';

export const nixHashesReader: FactReader<'nix-hashes'> = {
  id: 'nix-hashes',
  title: 'Whether the content of every store path of the system is what Nix registered',
  reads: ['/nix/store/*/**'],
  needs: ['nix-hash'],
  prepare: hashSystem,
  read: readNixHashes,
};

/** Damage of the records is met again where they are read. */
async function hashSystem(view: RootView, context: FactContext): Promise<void> {
  try {
    const used = closurePaths(view, context);
    const registered = shareRegisteredHashes(view, context);
    const paths = used.filter((path) => registered.has(path));
    const sizes = new Map(shareKnownPaths(view, context)?.paths.map(({ path, narSize }) => [path, narSize]));
    const bytes = paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
    const hashes = shareContentHashes(context);
    for (const [path, hash] of await hashPaths(view, paths, { bytes })) hashes.set(path, hash);
  } catch (thrown) {
    asImageError(thrown);
  }
}

function readNixHashes(view: RootView, context: FactContext): FactResult<NixHashesFact> {
  const read = closurePaths(view, context).map((path) => context.get('nix-hash', path));
  return {
    value: { paths: read.map(({ value }) => value) },
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
    gaps: read.flatMap(({ gaps }) => gaps),
  };
}

function closurePaths(view: RootView, context: FactContext): readonly string[] {
  const { nixos } = context.image;
  return nixos ? [...(shareClosure(view, context, nixos.toplevel).closure?.paths ?? [])] : [];
}
